import { expect, test } from 'vitest';
import { learn } from '../../i18n';
import { signInTime } from './session-words';

const NOW = new Date('2026-11-30T12:00:00');

test.each([
  ['2026-11-24T03:00:00', 'Tuesday 24 November, in the night'],
  ['2026-11-24T09:00:00', 'Tuesday 24 November, morning'],
  ['2026-11-24T13:00:00', 'Tuesday 24 November, afternoon'],
  ['2026-11-24T19:00:00', 'Tuesday 24 November, evening'],
  ['2025-12-31T19:00:00', 'Wednesday 31 December 2025, evening'],
])('a sign-in at %s was on %s', async (at, words) => {
  await learn(['me']);
  expect(signInTime(at, NOW)).toBe(words);
});
