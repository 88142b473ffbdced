// @vitest-environment node
import { expect, it } from 'vitest';
import { audienceWords, type Readers } from './audience-words';

it.each<[Readers, string]>([
  [{ audience: 'me' }, 'Only you will see this.'],
  [{ audience: 'people', names: [] }, 'Only you will see this.'],
  [{ audience: 'people', names: ['Amina'] }, 'Amina will see this.'],
  [{ audience: 'people', names: ['Amina', 'Björn'] }, 'Amina and Björn will see this.'],
  [
    { audience: 'cohort', cohort: 'Rowan', people: 14, facilitators: 1 },
    'All 14 people in Rowan will see this, the facilitator among them.',
  ],
  [
    { audience: 'cohort', cohort: 'Rowan', people: 14, facilitators: 2 },
    'All 14 people in Rowan will see this, the facilitators among them.',
  ],
  [{ audience: 'cohort', cohort: 'Rowan', people: 14 }, 'All 14 people in Rowan will see this.'],
  [{ audience: 'cohort', cohort: 'Rowan', people: 1 }, 'You are the only person in Rowan so far.'],
])('%j', (readers, words) => expect(audienceWords(readers)).toBe(words));

it('speaks of what is already shared', () => {
  expect(audienceWords({ audience: 'people', names: ['Amina'] }, 'can')).toBe(
    'Amina can see this.',
  );
  expect(
    audienceWords({ audience: 'cohort', cohort: 'Rowan', people: 13, isPast: true }, 'can'),
  ).toMatch(/when you shared this/);
});
