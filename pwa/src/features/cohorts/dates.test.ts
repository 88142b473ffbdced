// @vitest-environment node
import { expect, it } from 'vitest';
import { datesOf } from './dates';

it.each([
  ['2026-09-01', '2027-11-30', '1 September 2026 – 30 November 2027'],
  ['2026-09-01', '2026-11-30', '1 September – 30 November 2026'],
  ['2026-09-01', null, 'From 1 September 2026'],
  [null, '2027-11-30', 'Until 30 November 2027'],
  [null, null, null],
])('from %s to %s is "%s"', (starts_on, ends_on, words) => {
  // Which kind of space stands around the dash is the locale data's affair.
  expect(datesOf({ starts_on, ends_on })?.replace(/\s/g, ' ') ?? null).toBe(words);
});
