import type { CohortOut } from '../../api/shapes';
import { perLanguage } from '../../i18n';

const A_DAY = 86_400_000;
const ASKED_BEFORE = 28 * A_DAY;

const days = perLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
);

/** "12 January 2027": a bare date is that day for everyone. */
export const dayWords = (day: string): string => days().format(new Date(day));

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
