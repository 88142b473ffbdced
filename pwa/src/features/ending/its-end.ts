import type { CohortOut } from '../../api/shapes';

const A_DAY = 86_400_000;
const ASKED_BEFORE = 28 * A_DAY;

export type ItsEnd = 'near' | 'over';

/** How a cohort stands to its last day, by its own clocks; null while that is far off, or there is none. */
export function itsEnd(
  { ends_on, time_zone }: Pick<CohortOut, 'ends_on' | 'time_zone'>,
  now: number = Date.now(),
): ItsEnd | null {
  if (!ends_on) return null;
  const left = Date.parse(ends_on) - Date.parse(dayIn(time_zone, now));
  if (left < 0) return 'over';
  return left <= ASKED_BEFORE ? 'near' : null;
}

/** The day that it is somewhere, as `2026-11-22`. */
function dayIn(timeZone: string, now: number): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (name: string) => parts.find(({ type }) => type === name)!.value;
  return `${part('year')}-${part('month')}-${part('day')}`;
}
