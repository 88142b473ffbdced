// @vitest-environment node
import { expect, it } from 'vitest';
import type { CohortPerson } from '../../api/shapes';
import { others, seenPath } from './seen';

it('asks what anyone in the cohort would be shown', () => {
  expect(seenPath('c1', { whose: 'member' })).toBe(
    '/api/reflections?author=me&cohort_id=c1&limit=100&audience=cohort',
  );
});

it('asks through one person’s eyes, facilitator or not, in the same words', () => {
  expect(seenPath('c1', { whose: 'person', personId: 'p2' })).toBe(
    '/api/reflections?author=me&cohort_id=c1&limit=100&seen_by=p2',
  );
});

it('offers everyone but me, by name', () => {
  const people = ['Dev', 'Ana', 'Björn'].map((name) => ({ id: name, name }) as CohortPerson);
  expect(others(people, 'Dev').map(({ name }) => name)).toEqual(['Ana', 'Björn']);
});
