import type { CohortOut } from '../../api/shapes';

type Joined = Pick<CohortOut, 'joined_at'>;

const A_WEEK = 7 * 86_400_000;

/** Fewer than these, and no pulse can be shown: there are people to come. */
const ENOUGH = 5;
/** So long people still trickle in, also where there are some. */
const WEEKS = 3 * A_WEEK;

/**
 * Whether a cohort is still coming together. Since when it is, a phone knows by when its person joined; how many
 * are in it, once it has heard (else null).
 */
export function isNew(
  { joined_at }: Joined,
  people: number | null,
  now: number = Date.now(),
): boolean {
  return now - Date.parse(joined_at) < WEEKS || (people !== null && people < ENOUGH);
}

/** Whether somebody is new to Alongside, by the first of their cohorts that they joined. */
export function isNewcomer(mine: readonly Joined[], now: number = Date.now()): boolean {
  return mine.length > 0 && mine.every(({ joined_at }) => now - Date.parse(joined_at) < A_WEEK);
}
