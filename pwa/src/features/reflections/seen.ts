import type { ApiPath, CohortPerson } from '../../api/shapes';

/** Whose eyes: anyone who is in the cohort, or one person of it. */
export type Eyes = { whose: 'member' } | { whose: 'person'; personId: string };

export const NEWEST = 100;

/**
 * The question to put to the server. It is the one that the other person's phone would put, asked
 * by the author: the server answers it with the same rule.
 */
export function seenPath(cohortId: string, eyes: Eyes): ApiPath {
  const query = new URLSearchParams({ author: 'me', cohort_id: cohortId, limit: String(NEWEST) });
  if (eyes.whose === 'member') query.set('audience', 'cohort');
  else query.set('seen_by', eyes.personId);
  return `/api/reflections?${query}`;
}

/** Everyone but me, by name: here one looks somebody up. */
export function others(people: readonly CohortPerson[], myId: string): CohortPerson[] {
  return people.filter(({ id }) => id !== myId).toSorted((a, b) => a.name.localeCompare(b.name));
}
