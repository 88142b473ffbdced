import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { called, learnToTellApart, namesComeFrom, namesOf } from './called.svelte';

const alone = { id: 'a', name: 'Amina', called_since: null };
const morag = { id: 'm', name: 'Morag', called_since: '2026-03-03T10:14:00+00:00' };
const other = { id: 'c', name: 'M\u043erag', called_since: '2026-11-28T16:02:00+00:00' };

type Known = typeof alone | typeof morag;

const know = (...people: Known[]): void => namesComeFrom(new Map([['rowan', () => people]]));

beforeAll(learnToTellApart);

beforeEach(() => {
  namesComeFrom(new Map());
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T09:00:00Z') });
});
afterEach(() => void vi.useRealTimers());

it('says the name as it came, until the people are known', () => {
  expect(called({ id: 'm', name: 'Morag' })).toBe('Morag');
});

it('tells apart those who look alike, and nobody else', () => {
  know(alone, morag, other);
  expect(namesOf([alone, morag, other])).toEqual([
    'Amina',
    'Morag (called so since 3 March)',
    'M\u043erag (called so since 28 November)',
  ]);
});

it('calls somebody as the list of people does, whatever was kept before', () => {
  know(alone, morag, other);
  expect(called({ id: 'c', name: 'Callum' })).toBe('M\u043erag (called so since 28 November)');
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

it('says the year where it is not this one, and the time where the day is shared', () => {
  know({ ...morag, called_since: '2025-03-03T10:14:00+00:00' }, other);
  expect(called(morag)).toBe('Morag (called so since 3 March 2025)');
  know({ ...morag, called_since: '2026-11-28T10:14:00+00:00' }, other);
  expect(namesOf([morag, other])).toEqual([
    'Morag (called so since 28 November, 10:14)',
    'M\u043erag (called so since 28 November, 16:02)',
  ]);
});
