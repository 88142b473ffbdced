// @vitest-environment node
import { expect, it } from 'vitest';
import { whenWords } from './words';

const now = new Date('2026-11-22T10:00');
const weekly = {
  weekdays: [0],
  at: '08:00',
  every_weeks: 1,
  starts_on: '2026-11-01',
  ends_on: null,
};

it.each([
  [weekly, 'Monday at 08:00'],
  [{ ...weekly, every_weeks: 2 }, 'Monday at 08:00, every 2 weeks'],
  [{ ...weekly, weekdays: [0, 1, 2, 3, 4] }, 'Monday to Friday at 08:00'],
  [{ ...weekly, starts_on: '2026-12-01' }, 'Monday at 08:00, from 1 December'],
  [{ ...weekly, ends_on: '2027-03-01' }, 'Monday at 08:00, until 1 March 2027'],
])('%#', (reminder, words) => {
  expect(whenWords(reminder, now)).toBe(words);
});
