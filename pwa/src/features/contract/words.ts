import { called } from '../../core/called.svelte';
import type { ContractOut, ContractVersion, ProposalOut, ReviewOut } from '../../api/shapes';
import { perLanguage, t } from '../../i18n';
import { kindDay, kindTime } from '../../i18n/times';
import { datesOf } from '../cohorts/dates';
import { howFar } from '../proposals/laid-over';
import { objectsWords } from '../proposals/words';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** "Version 3 · adopted on Tuesday" */
export function versionWords(number: number, madeAt: string | null, now = new Date()): string {
  return madeAt
    ? t('contract.version.made', { number, when: kindTime(madeAt, now) })
    : t('contract.version', { number });
}

type Change = ContractVersion['change'];

/** "Amina suggested a new commitment", said to the person `myId`. */
export function changeWords({ kind, proposer, at_gathering }: Change, myId: string): string {
  const who =
    proposer?.id === myId
      ? t(`contract.change.${kind}-you`)
      : t(`contract.change.${kind}`, { name: proposer ? called(proposer) : t('contract.someone') });
  return at_gathering ? `${who} ${t('contract.change.gathering')}` : who;
}

type Subject = Pick<
  ProposalOut,
  'kind' | 'text' | 'before' | 'wanted_answers' | 'starts_on' | 'ends_on'
>;

/** What a suggestion would change, in a few words of its own. */
export function subjectOf({ kind, text, before, wanted_answers, ...dates }: Subject): string {
  if (kind === 'decide')
    return wanted_answers === null
      ? t('contract.open.rule-half')
      : t('contract.open.rule', { count: wanted_answers });
  if (kind === 'dates') return datesOf(dates) ?? t('cohorts.about.no-dates');
  return (kind === 'retire' ? before : text) ?? '';
}

/** "4 of the 7 needed have answered": how many, never who. While an objection stands, whose it is and what comes of it. */
export function answeredWords(
  proposal: Parameters<typeof objectsWords>[0] & Parameters<typeof howFar>[0],
  myId: string | undefined,
): string {
  const objects = objectsWords(proposal, myId);
  if (objects) return objects;
  const { answered, needed } = proposal;
  const far = howFar(proposal);
  const words = far === 'enough' || far === 'if-clear' ? far : 'answered';
  return t(`contract.open.${words}`, { answered, needed, count: answered });
}

/** How long there is to answer: "6 days left", "closes in 3 hours". */
export function timeLeft(
  { closes_at, is_closing }: Pick<ProposalOut, 'closes_at' | 'is_closing'>,
  now = Date.now(),
): string {
  // Empty while it is only on this phone: it is open for a week from when the server hears of it.
  if (!closes_at) return '';
  const left = Date.parse(closes_at) - now;
  if (is_closing || left <= 0) return t('contract.open.counting');
  if (left < HOUR) return t('contract.open.minutes', { count: Math.ceil(left / 60_000) });
  if (left < DAY) return t('contract.open.hours', { count: Math.round(left / HOUR) });
  return t('contract.open.days', { count: Math.round(left / DAY) });
}

/** "Amina asks:", and without words of theirs a whole sentence. */
export function askWords({ by, text }: Pick<ReviewOut, 'by' | 'text'>, myId: string): string {
  if (!by && !text) return t('contract.review.due');
  const form = text ? 'asks' : 'asks-wordless';
  if (by?.id === myId) return t(`contract.review.${form}-you`);
  return t(`contract.review.${form}`, { name: by ? called(by) : t('contract.someone') });
}

/** "Amina says we have looked at this." */
export function endedWords({ ended_by }: Pick<ReviewOut, 'ended_by'>, myId: string): string {
  if (ended_by?.id === myId) return t('contract.review.ended-you');
  return t('contract.review.ended', { name: ended_by ? called(ended_by) : t('contract.someone') });
}

/** What saying "we have looked at it" brings, before it is said. */
export function endingWords({ by }: Pick<ReviewOut, 'by'>, myId: string): string {
  if (!by) return t('contract.review.done-due');
  if (by.id === myId) return t('contract.review.done-text');
  return t('contract.review.done-other', { name: called(by) });
}

/** How many answers are needed in any case: half, and never fewer than three; all, where there are fewer. */
export const fewestAnswers = (members: number): number =>
  Math.max(1, Math.min(members, Math.max(3, Math.ceil(members / 2))));

/** How this cohort decides and looks back, in sentences. */
export function frameWords(contract: ContractOut, now = new Date()): string[] {
  const { needed, members, review_on, check_in_every_weeks: weeks } = contract;
  return [
    needed >= members
      ? t('contract.decide.everyone')
      : t('contract.decide.needed', { count: needed, members }),
    review_on
      ? t('contract.decide.review', { day: kindDay(review_on, now) })
      : t('contract.decide.no-review'),
    weeks ? t('contract.decide.check-in', { count: weeks }) : t('contract.decide.no-check-in'),
  ];
}

const plainDay = perLanguage((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }));

/** "Version 3, 14 May 2026": for a list to choose from. */
export function versionOption({ number, made_at }: ContractVersion): string {
  return t('contract.version.on', { number, day: plainDay().format(new Date(made_at)) });
}
