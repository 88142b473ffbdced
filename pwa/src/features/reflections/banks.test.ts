// @vitest-environment node
import { expect, it } from 'vitest';
import { banks } from './banks';

const numbersIn = (path: string) =>
  [...path.matchAll(/-?[\d.]+/g)].map(([number]) => Number(number));

it('goes down one bank and up the other', () => {
  const path = banks([
    { y: 0, left: 1, right: 3 },
    { y: 3, left: 1, right: 3 },
  ]);
  expect(path).toBe('M3 0C3 1 3 2 3 3L1 3C1 2 1 1 1 0Z');
});

it('never swings further than its points', () => {
  const crossings = [20, 2, 30, 29, 29, 40].map((half, y) => ({
    y,
    left: 50 - half,
    right: 50 + half,
  }));
  const across = numbersIn(banks(crossings)).filter((_, at) => at % 2 === 0);
  expect(Math.max(...across)).toBe(90);
  expect(Math.min(...across)).toBe(10);
  expect(Math.min(...across.filter((x) => x > 50))).toBe(52);
});

it('leans the same way on both sides of a point that it passes', () => {
  const path = banks([4, 10, 13].map((right, y) => ({ y, left: 0, right })));
  // In and out of (10, 1): as far to the left above as to the right below.
  expect(path).toContain('8.667 0.667 10 1C11.333 1.333');
});
