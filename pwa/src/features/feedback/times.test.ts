import { expect, test } from 'vitest';
import type { Piece, Thread } from './threads';
import { leadAt, stateAt } from './words';

const ASKED = '2026-11-20T09:00:00Z';
const ANSWERED = '2026-11-25T09:00:00Z';
const thread = (change: Partial<Thread> = {}) => ({ at: ASKED, isMine: true, ...change }) as Thread;
const piece = (state: Piece['state']) => ({ state, answered_at: ANSWERED }) as Piece;

test('“You asked Priya” is of the day of asking, also once it is answered', () => {
  expect(leadAt(thread(), piece('asked'))).toBe(ASKED);
  expect(leadAt(thread(), piece('answered'))).toBe(ASKED);
  expect(leadAt(thread(), piece('thanked'))).toBe(ASKED);
});

test('“Priya has answered” is of the day of answering', () => {
  expect(stateAt(piece('answered'))).toBe(ANSWERED);
});

test('of a moment that nobody has noted, none is said', () => {
  expect(leadAt(thread({ isOffer: true }), piece('welcomed'))).toBeNull();
  expect(stateAt(piece('thanked'))).toBeNull();
});

test('my words whose ask was withdrawn are of the day on which I wrote them', () => {
  expect(leadAt(thread({ isMine: false }), piece('withdrawn'))).toBe(ANSWERED);
});
