import type { NoticeOut } from '../../api/shapes';
import { t, type Key } from '../../i18n';
import type { IconName } from '../../ui/icons';

/** What a line of the inbox says. */
export function sentence({ kind, what, by, about }: NoticeOut): string {
  const name = by?.name ?? t('notices.somebody');
  const cohort = about.cohort_name ?? t('notices.a-cohort');
  if (kind === 'feedback') return t(FEEDBACK[what ?? ''] ?? 'notices.feedback', { name });
  return t(`notices.${kind}`, { name, cohort });
}

/** What happened between two people, by its fact. */
const FEEDBACK: Partial<Record<string, Key>> = {
  feedback_asked: 'notices.feedback_asked',
  feedback_reminded: 'notices.feedback_reminded',
  feedback_offered: 'notices.feedback_offered',
  feedback_welcomed: 'notices.feedback_welcomed',
  feedback_answered: 'notices.feedback_answered',
  feedback_declined: 'notices.feedback_declined',
  feedback_thanked: 'notices.feedback_thanked',
};

/** Stands in the place of a face where nobody's doing is behind it. */
export const SIGNS: Record<NoticeOut['kind'], IconName> = {
  shared: 'share',
  response: 'curious',
  joined: 'people',
  feedback: 'feedback',
  prompt: 'curious',
  reminder: 'reminder',
};
