import type { NoticeOut } from '../../api/shapes';
import { t } from '../../i18n';
import type { IconName } from '../../ui/icons';

/** What a line of the inbox says. */
export function sentence({ kind, by, about }: NoticeOut): string {
  const name = by?.name ?? t('notices.somebody');
  const cohort = about.cohort_name ?? t('notices.a-cohort');
  return t(`notices.${kind}`, { name, cohort });
}

/** Stands in the place of a face where nobody's doing is behind it. */
export const SIGNS: Record<NoticeOut['kind'], IconName> = {
  shared: 'share',
  response: 'curious',
  joined: 'people',
  prompt: 'curious',
  reminder: 'reminder',
};
