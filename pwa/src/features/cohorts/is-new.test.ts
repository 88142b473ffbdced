// @vitest-environment node
import { expect, it } from 'vitest';
import { isNew, isNewcomer } from './is-new';

const NOW = Date.parse('2026-11-30T10:00:00Z');

it.each([
  ['2026-11-10T10:00:00Z', 30, true],
  ['2026-11-09T10:00:00Z', 30, false],
  ['2026-01-01T10:00:00Z', 5, false],
  ['2026-01-01T10:00:00Z', 4, true],
  // Who is in it may not be known yet: nothing is put on the screen that would go again.
  ['2026-01-01T10:00:00Z', null, false],
])('joined %s with %s people: new is %s', (joined_at, people, is) => {
  expect(isNew({ joined_at }, people, NOW)).toBe(is);
});

it.each([
  [[], false],
  [['2026-11-30T09:59:00Z'], true],
  [['2026-11-23T10:00:01Z'], true],
  [['2026-11-23T10:00:00Z'], false],
  // A second cohort makes nobody new again.
  [['2026-11-30T09:00:00Z', '2026-01-01T09:00:00Z'], false],
])('who joined at %o is a newcomer: %s', (joined, is) => {
  expect(
    isNewcomer(
      joined.map((joined_at) => ({ joined_at })),
      NOW,
    ),
  ).toBe(is);
});
