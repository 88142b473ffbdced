// @vitest-environment node
import { expect, it } from 'vitest';
import { refusalWords } from './refusals';

it.each([
  [{ reason: 'cohort_is_full', values: { most: 60 } }, 'This cohort has 60 people'],
  [
    { reason: 'too_many', values: { about: 'reminders', most: 40 } },
    'This cohort has 40 reminders',
  ],
  [{ reason: 'too_many' }, 'That was a lot in a short time'],
])('says %o in the reader’s own words', (refusal, words) => {
  expect(refusalWords({ message: 'Cysylltwch â ni.', ...refusal })).toContain(words);
});

it('says what the server said where there is no sentence: of a reason that this version does not know, or that is put together', () => {
  const message = 'Three of you have not answered yet.';
  expect(refusalWords({ reason: 'not_everyone', message })).toBe(message);
  expect(refusalWords({ reason: 'too_many', message, values: { about: 'gatherings' } })).toBe(
    message,
  );
});
