import { expect, test } from 'vitest';
import { learn } from '../../i18n';
import { signInTime, signInTimeAmong } from './session-words';

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

test('two of one device and one evening are told apart by the hour, and nothing else is', async () => {
  await learn(['me']);
  const on = (device: string, started_at: string) => ({ device, started_at });
  const alike = [on('Chrome', '2026-11-24T19:00:00'), on('Chrome', '2026-11-24T20:05:00')];
  const others = [on('Firefox', '2026-11-24T19:30:00'), on('Chrome', '2026-11-25T19:00:00')];
  const all = [...alike, ...others];
  expect(all.map((one) => signInTimeAmong(one, all, NOW))).toEqual([
    'Tuesday 24 November, evening, 19:00',
    'Tuesday 24 November, evening, 20:05',
    'Tuesday 24 November, evening',
    'Wednesday 25 November, evening',
  ]);
});
