import { beforeEach, expect, it } from 'vitest';
import { called, namesComeFrom, namesOf } from './called.svelte';

const alone = { id: 'a', name: 'Amina', called_since: null };
const morag = { id: 'm', name: 'Morag', called_since: '2026-03-03T10:14:00+00:00' };
const other = { id: 'c', name: 'M\u043erag', called_since: '2026-11-28T16:02:00+00:00' };

type Known = typeof alone | typeof morag;

const know = (...people: Known[]): void => namesComeFrom(new Map([['rowan', () => people]]));

beforeEach(() => namesComeFrom(new Map()));

it('says the name as it came, until the people are known', () => {
  expect(called({ id: 'm', name: 'Morag' })).toBe('Morag');
});

it('tells apart those who look alike, and nobody else', () => {
  know(alone, morag, other);
  expect(namesOf([alone, morag, other])).toEqual([
    'Amina',
    'Morag (since 3 Mar 2026, 10:14)',
    'M\u043erag (since 28 Nov 2026, 16:02)',
  ]);
});

it('calls somebody as the list of people does, whatever was kept before', () => {
  know(alone, morag, other);
  expect(called({ id: 'c', name: 'Callum' })).toBe('M\u043erag (since 28 Nov 2026, 16:02)');
  // The other way round: a new name waits for the list that tells it apart.
  know(alone, { ...morag, called_since: null }, { ...other, name: 'Callum', called_since: null });
  expect(called({ id: 'c', name: 'Morag' })).toBe('Callum');
});

it('says of somebody who is on no list that they have left, where another is called so', () => {
  know(alone, { ...morag, called_since: null });
  expect(called({ id: 'x', name: 'MORAG ' })).toBe('MORAG  (has left)');
  expect(called({ id: 'x', name: 'M\u043erag\u02bc' })).toContain('(has left)');
  expect(called({ id: 'x', name: 'Zoe' })).toBe('Zoe');
});

it('takes what tells apart from any of my cohorts', () => {
  namesComeFrom(
    new Map([
      ['rowan', (): Known[] => [{ ...morag, called_since: null }]],
      ['hazel', () => [morag]],
    ]),
  );
  expect(called(morag)).toContain('since');
  namesComeFrom(new Map([['rowan', () => [{ ...morag, called_since: null }]]]));
  expect(called(morag)).toBe('Morag');
});
