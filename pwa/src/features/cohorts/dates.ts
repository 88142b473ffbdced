import type { CohortOut } from '../../api/shapes';
import { t } from '../../i18n';
import { kindDay } from '../../i18n/times';

/** "1 September to 30 November 2027", as far as it is known; null when it is not. */
export function datesOf(cohort: Pick<CohortOut, 'starts_on' | 'ends_on'>): string | null {
  const from = cohort.starts_on && kindDay(cohort.starts_on);
  const to = cohort.ends_on && kindDay(cohort.ends_on);
  if (from && to) return t('cohorts.about.from-to', { from, to });
  if (from) return t('cohorts.about.from', { from });
  return to ? t('cohorts.about.to', { to }) : null;
}
