// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { isTooOld, LONGEST, notToCome } from './age';

const NOW = Date.parse('2026-11-29T09:00:00Z');
const days = (n: number) => n * 86_400_000;

describe('a copy that the server does not confirm', () => {
  it('may be read for thirty days, and not a moment longer', () => {
    expect(LONGEST).toBe(days(30));
    expect(isTooOld(NOW - days(30), null, NOW)).toBe(false);
    expect(isTooOld(NOW - days(30) - 1, null, NOW)).toBe(true);
  });

  it('has its days from whichever was later: that it was heard, or that all were confirmed', () => {
    expect(isTooOld(NOW - days(90), NOW - days(29), NOW)).toBe(false);
    expect(isTooOld(NOW - days(29), NOW - days(90), NOW)).toBe(false);
    expect(isTooOld(NOW - days(90), NOW - days(31), NOW)).toBe(true);
  });

  it('is not kept for longer by a clock that ran ahead', () => {
    expect(notToCome(NOW + days(400), NOW)).toBe(NOW);
    expect(notToCome(NOW - 1, NOW)).toBe(NOW - 1);
  });
});
