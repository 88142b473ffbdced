import type { CohortOut } from '../../api/shapes';
import { perLanguage, t } from '../../i18n';

/** A bare date is that day for everyone: it is neither read nor shown in any zone. */
const days = perLanguage(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
);

/** "12 January 2027". */
export const dayWords = (day: string): string => days().format(new Date(day));

/** "1 September 2026 – 30 November 2027", as far as it is known; null when it is not. */
export function datesOf(cohort: Pick<CohortOut, 'starts_on' | 'ends_on'>): string | null {
  const from = cohort.starts_on && new Date(cohort.starts_on);
  const to = cohort.ends_on && new Date(cohort.ends_on);
  if (from && to) return days().formatRange(from, to);
  if (from) return t('cohorts.about.from', { from: days().format(from) });
  return to ? t('cohorts.about.to', { to: days().format(to) }) : null;
}
