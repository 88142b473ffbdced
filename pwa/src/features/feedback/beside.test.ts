// @vitest-environment node
import { expect, test } from 'vitest';
import { listWith, lookAt } from './beside';
import { placed, type Piece, type Thread } from './threads';

const thread = (id: string, piece: Partial<Piece>) =>
  ({ id, pieces: [{ pending: [], answer: null, ...piece }] }) as unknown as Thread;

const places = placed([
  thread('asked', { i_am: 'giver', state: 'asked' }),
  thread('to-open', { i_am: 'receiver', state: 'answered' }),
  thread('given', { i_am: 'giver', state: 'opened' }),
  thread('faded', { i_am: 'receiver', state: 'asked', has_faded: true }),
]);

test.each([
  ['asked', 'now'],
  ['to-open', 'now'],
  ['given', 'given'],
  ['faded', 'received'],
  ['unheard-of', 'now'],
])('of who comes from elsewhere, %s stands in the list %s', (id, list) => {
  expect(listWith(id, places, [])).toBe(list);
});

test('what stands in two lists is beside the one that somebody came from', () => {
  lookAt('received');
  expect(listWith('to-open', places, [])).toBe('received');
  expect(listWith('asked', places, [])).toBe('now');
});

test('what could not be sent stays beside the list that it was chosen from', () => {
  lookAt('now');
  expect(listWith('refused', places, [{ id: 'refused' }])).toBe('now');
});
