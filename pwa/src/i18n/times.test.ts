// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { exactTime, kindDay, kindTime } from './times';

const now = new Date('2026-11-22T10:30:00');

describe('a kind time', () => {
  it.each([
    ['2026-11-22T10:29:30', 'just now'],
    ['2026-11-22T10:31:00', 'just now'], // a phone's clock that is a little behind
    ['2026-11-22T10:05:00', '25 minutes ago'],
    ['2026-11-22T08:00:00', 'this morning'],
    ['2026-11-22T02:00:00', 'in the night'],
    ['2026-11-21T23:50:00', 'yesterday evening'],
    ['2026-11-21T14:00:00', 'yesterday afternoon'],
    ['2026-11-21T03:00:00', 'the night before last'],
    ['2026-11-17T12:00:00', 'on Tuesday'],
    ['2026-03-03T12:00:00', '3 March'],
    ['2025-11-22T12:00:00', '22 November 2025'],
  ])('%s is "%s"', (at, words) => {
    expect(kindTime(at, now)).toBe(words);
  });

  it('counts calendar days across the hour that goes missing in spring', () => {
    expect(kindTime('2026-03-28T20:00:00', new Date('2026-03-29T12:00:00'))).toBe(
      'yesterday evening',
    );
  });
});

it('reads a bare date as that day in any zone', () => {
  expect(kindDay('2026-03-01', now)).toBe('1 March');
});

it('is exact on demand', () => {
  expect(exactTime('2026-11-22T14:05:00')).toMatch(/^Sunday,? 22 November 2026 at 14:05$/);
});
