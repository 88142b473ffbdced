/** The way to the contract, as the cohort's home shows it. */
import { t } from '../../i18n';
import type { Door } from '../cohorts/doors';
import { contractOf } from './contract.svelte';

export const contract: Door = {
  href: '/cohort/contract',
  title: 'cohorts.door.contract',
  icon: 'contract',
  line({ id }) {
    const { now, isKnown, toLookAt } = contractOf(id);
    if (!now) return isKnown ? '' : null;
    const stands = now.version
      ? t('cohorts.door.contract.version', { number: now.version })
      : t('cohorts.door.contract.none');
    if (!toLookAt) return stands;
    return `${stands} · ${t('cohorts.door.contract.together', { count: toLookAt })}`;
  },
  load: (id) => contractOf(id).loadNow(),
};
