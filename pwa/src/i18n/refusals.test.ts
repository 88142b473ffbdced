// @vitest-environment node
import { expect, it } from 'vitest';
import { fieldWords, refusalWords } from './refusals';

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

it('says also what follows, and all of it as the server did where it does not know one of them', () => {
  const silent = { about: 'silent', count: 2, members: 5 };
  const also = [{ reason: 'not_everyone', message: '', values: silent }];
  const refused = { reason: 'not_everyone', message: 'All of it.', also };
  expect(refusalWords(refused)).toMatch(/ consents .* Still to answer: 2 of 5 people\.$/);
  also.push({ reason: 'not_everyone', message: '', values: { ...silent, about: 'tired' } });
  expect(refusalWords(refused)).toBe('All of it.');
});

it('leaves no gap: a problem that an older version kept has no values', () => {
  const message = 'This cohort has 60 people, as many as it can hold.';
  expect(refusalWords({ reason: 'cohort_is_full', message })).toBe(message);
});

it('says what is wrong with a field, in English where it has no word', () => {
  const name = { reason: 'invalid', message: 'Rhy hir.', values: { about: 'too_long', max: 80 } };
  const fields = { name: [name], why: ['Write something.', 'Not that.'] };
  expect(fieldWords(fields)).toEqual({
    name: 'This is too long: 80 letters at most.',
    why: 'Write something. Not that.',
  });
});

it('says what the server said where there is no sentence, of a reason that this version does not know', () => {
  const message = 'Three of you have not answered yet.';
  expect(refusalWords({ reason: 'too_many', message, values: { about: 'gatherings' } })).toBe(
    message,
  );
});
