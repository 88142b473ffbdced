// @vitest-environment node
import { expect, it } from 'vitest';
import { all, begun, isOnlyBegun, startersOf, starterWords } from './starters';

it('has at least twenty of its own, each once, each a question or the beginning of one', () => {
  const words = all.map(starterWords);
  expect(new Set(words).size).toBeGreaterThanOrEqual(20);
  for (const one of words) expect(one).toMatch(/( …|\?)$/);
});

it('shows a few each day, the same all day, and every one in its turn', () => {
  const day = (n: number) => startersOf(new Date(2026, 9, 20 + n, 9));
  expect(startersOf(new Date(2026, 9, 20, 23, 59))).toEqual(day(0));
  expect(new Set(day(3)).size).toBe(3);
  const seen = new Set(Array.from({ length: all.length }, (_, n) => day(n)).flat());
  expect(seen.size).toBe(all.length);
});

it('knows a beginning that was not finished', () => {
  const open = starterWords(1);
  expect(isOnlyBegun(begun(open))).toBe(true);
  expect(isOnlyBegun(`${begun(open)}chaired on Tuesday?`)).toBe(false);
});
