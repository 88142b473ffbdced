import { called } from '../../core/called.svelte';
import type { NoticeOut } from '../../api/shapes';
import { t, type Key } from '../../i18n';
import type { IconName } from '../../ui/icons';

/** What a line of the inbox says. */
export function sentence({ kind, what, by, about }: NoticeOut): string {
  const name = by ? called(by) : t('notices.somebody');
  const cohort = about.cohort_name ?? t('notices.a-cohort');
  if (kind === 'feedback') return t(FEEDBACK[what ?? ''] ?? 'notices.feedback', { name });
  if (kind === 'contract' || kind === 'check_in')
    return t(CONTRACT[what ?? ''] ?? `notices.${kind}`, { name, cohort });
  if (kind === 'joined') return t(PEOPLE[what ?? ''] ?? 'notices.joined', { name, cohort });
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

/** What happened among the people of a cohort, by its fact. */
const PEOPLE: Partial<Record<string, Key>> = {
  joining_undone: 'notices.joining_undone',
  left_to_cohort: 'notices.left_to_cohort',
  facilitating_taken_up: 'notices.facilitating_taken_up',
  taking_up_objected: 'notices.taking_up_objected',
  facilitating_offered: 'notices.facilitating_offered',
  facilitating_declined: 'notices.facilitating_declined',
};

/** What happened to a contract, by its fact. */
const CONTRACT: Partial<Record<string, Key>> = {
  proposed: 'notices.proposed',
  rule_proposed: 'notices.rule_proposed',
  proposal_changed: 'notices.proposal_changed',
  proposal_later: 'notices.proposal_later',
  remarked: 'notices.remarked',
  objected: 'notices.objected',
  proposal_adopted: 'notices.proposal_adopted',
  rule_adopted: 'notices.rule_adopted',
  purpose_proposed: 'notices.purpose_proposed',
  purpose_adopted: 'notices.purpose_adopted',
  dates_proposed: 'notices.dates_proposed',
  dates_adopted: 'notices.dates_adopted',
  contract_set: 'notices.contract_set',
  proposal_returned: 'notices.proposal_returned',
  proposal_unanswered: 'notices.proposal_unanswered',
  proposal_overtaken: 'notices.proposal_overtaken',
  review_opened: 'notices.review_opened',
  review_due: 'notices.review_due',
  review_ended: 'notices.review_ended',
  end_comes: 'notices.end_comes',
  end_came: 'notices.end_came',
  check_in_opened: 'notices.check_in_opened',
  check_in_asked_anew: 'notices.check_in_asked_anew',
  pulse_shown: 'notices.pulse_shown',
};

/** Stands in the place of a face where nobody's doing is behind it. */
export const SIGNS: Record<NoticeOut['kind'], IconName> = {
  shared: 'share',
  response: 'curious',
  joined: 'people',
  feedback: 'feedback',
  contract: 'contract',
  check_in: 'pulse',
  prompt: 'curious',
  reminder: 'reminder',
  own_data: 'download',
};
