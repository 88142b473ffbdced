/** The cohort's rooms, as its home shows them from outside. */
import type { CohortOut } from '../../api/shapes';
import { t, type Key } from '../../i18n';
import { isKnown } from '../../store/known';
import type { IconName } from '../../ui/icons';
import { cohorts } from './cohorts.svelte';

export interface Door {
  href: string;
  title: Key;
  icon: IconName;
  /** What is there now, in a line. Null until that has come; empty where it will not come just now. */
  line: (cohort: CohortOut) => string | null;
  /** Asks for what the line is made of, where the cohort itself does not say it. */
  load?: (cohortId: string) => unknown;
}

export const people: Door = {
  href: '/cohort/people',
  title: 'cohorts.door.people',
  icon: 'people',
  line({ id }) {
    const list = cohorts.people(id);
    if (list.value) return t('cohorts.door.people.now', { count: list.value.items.length });
    return isKnown(list) ? '' : null;
  },
  load: (id) => cohorts.people(id).load(),
};

export const about: Door = {
  href: '/cohort/about',
  title: 'cohorts.door.about',
  icon: 'info',
  line: () => t('cohorts.door.about.now'),
};
