import { called } from '../../core/called.svelte';
import { listOf, locale, t } from '../../i18n';
import { kindDay } from '../../i18n/times';
import type { PositionOut, ProposalKind, ProposalOut } from '../../api/shapes';
import { howFar, objectionsTo, type Proposal } from './laid-over';

const MINUTE = 60_000;

/** "closes on Friday": when a proposal closes, as one would say it, in the phone's own zone. */
export function closesWords(at: string, now = new Date()): string {
  const when = new Date(at);
  const minutes = Math.ceil((when.getTime() - now.getTime()) / MINUTE);
  if (minutes <= 0) return t('proposals.closes.over');
  if (minutes < 60) return t('proposals.closes.minutes', { count: minutes });
  const days = daysBetween(now, when);
  const time = said(when, { timeStyle: 'short' });
  if (days === 0) return t('proposals.closes.today', { time });
  if (days === 1) return t('proposals.closes.tomorrow', { time });
  if (days < 7) return t('proposals.closes.weekday', { day: said(when, { weekday: 'long' }) });
  return t('proposals.closes.day', { day: kindDay(when, now) });
}

/** What still goes on with it, in a breath. */
export function timeLeft({ closes_at, is_closing }: Proposal, now = new Date()): string {
  if (is_closing) return t('proposals.closes.over');
  return closes_at ? closesWords(closes_at, now) : t('proposals.closes.not-sent');
}

/** How many have answered of how many are needed; never who. While an objection stands, no number is enough. */
export function countWords(proposal: Parameters<typeof howFar>[0]): string {
  const { answered, needed } = proposal;
  const far = howFar(proposal);
  return t(`proposals.count.${far}`, { count: far === 'none' ? needed : answered, needed });
}

/** Suggested as it is: there are no words to change. */
export const isWordless = ({ kind }: Pick<ProposalOut, 'kind'>): boolean =>
  kind === 'decide' || kind === 'dates';

/** How many would have to answer. */
export const ruleWords = (answers: number | null): string =>
  answers === null ? t('proposals.rule.half') : t('proposals.rule.number', { count: answers });

/** Where an open one stands while somebody objects: who, and what comes of it. Empty where nobody does, as far as I am told. */
export function objectsWords(
  proposal: Pick<ProposalOut, 'kind' | 'mine' | 'positions' | 'proposer'>,
  myId: string | undefined,
): string {
  const people = objectionsTo(proposal).map(({ person }) => person);
  if (!people.length) return '';
  const proposer = proposerOf(proposal);
  if (people.some((person) => person?.id === myId))
    return t('proposals.objects.yours', { proposer });
  const said = { count: people.length, names: namesOf(people) };
  if (proposal.mine && !isWordless(proposal)) return t('proposals.objects.mine', said);
  return t('proposals.objects.others', {
    ...said,
    proposer: proposal.mine ? t('proposals.you') : proposer,
  });
}

/** At the beginning of a sentence. */
const namesOf = (people: readonly PositionOut['person'][]): string =>
  listOf(
    people.map((person, place) => {
      if (person) return called(person);
      return t(place === 0 ? 'proposals.somebody' : 'proposals.and-somebody');
    }),
  );

/** The same, with what can be done about it. */
export function inTheWay(proposal: Proposal, myId: string | undefined): string {
  const objects = objectsWords(proposal, myId);
  if (!objects || proposal.state !== 'open') return '';
  const objections = objectionsTo(proposal);
  const names = namesOf(objections.map(({ person }) => person));
  if (proposal.mine)
    return t(`proposals.in-the-way.${isWordless(proposal) ? 'rule' : 'mine'}`, {
      objects,
      names,
    });
  const [{ person, is_current }] = objections as [PositionOut];
  if (objections.length === 1 && !is_current && person?.id !== myId)
    return t('proposals.in-the-way.earlier', { name: names });
  return t('proposals.in-the-way.others', { objects });
}

/** What is missing for it to be decided before its time; empty where nothing is, as far as this phone knows. */
export function missingToDecideNow(
  { members, positions, unnamed }: Proposal,
  myId: string | undefined,
): string {
  if (!positions) return t('proposals.decide.yours');
  const current = positions.filter((one) => one.is_current);
  const silent = Math.max(0, members - (unnamed ?? 0) - current.length);
  const [myObjection, objecting] = mineAndOthers(positions, 'object', myId);
  const [myConcern, concerned] = mineAndOthers(current, 'concern', myId);
  const what = [
    silent ? t('proposals.decide.silent', { count: silent }) : '',
    myObjection ? t('proposals.decide.you-object') : '',
    objecting ? t('proposals.decide.objects', { count: objecting }) : '',
    myConcern ? t('proposals.decide.you-concerned') : '',
    concerned ? t('proposals.decide.concerned', { count: concerned }) : '',
  ].filter(Boolean);
  return what.length ? t('proposals.decide.missing', { what: listOf(what) }) : '';
}

/** Whether I take this position, and how many others do. */
function mineAndOthers(
  positions: readonly PositionOut[],
  choice: PositionOut['position'],
  myId: string | undefined,
): [boolean, number] {
  const such = positions.filter(({ position }) => position === choice);
  const others = such.filter(({ person }) => !myId || person?.id !== myId);
  return [others.length < such.length, others.length];
}

/** What became of it. */
export function outcomeWords(proposal: Proposal): string {
  const { state, at_gathering, adopted_as, mine, answered, needed } = proposal;
  const name = proposerOf(proposal);
  switch (state) {
    case 'adopted': {
      const { kind } = proposal;
      if (isOfUs(kind)) return t(`proposals.closed.adopted-${kind}`);
      const version = adopted_as ?? '';
      return at_gathering
        ? t('proposals.closed.adopted-gathering', { version })
        : t('proposals.closed.adopted', { version });
    }
    case 'returned':
      return mine ? t('proposals.closed.returned-mine') : t('proposals.closed.returned', { name });
    case 'unanswered':
      return answered
        ? t('proposals.closed.unanswered', { count: answered, needed })
        : t('proposals.closed.unanswered-none');
    case 'overtaken':
      if (isOfUs(proposal.kind)) return t('proposals.closed.overtaken-ours');
      return t(`proposals.closed.overtaken${proposal.kind === 'add' ? '-full' : ''}`);
    default:
      return '';
  }
}

/** About the cohort itself, and no commitment of its contract. */
export const isOfUs = (kind: ProposalKind): kind is 'decide' | 'purpose' | 'dates' =>
  kind === 'decide' || kind === 'purpose' || kind === 'dates';

export const proposerOf = ({ proposer }: Pick<Proposal, 'proposer'>): string =>
  proposer ? called(proposer) : t('proposals.somebody');

/** Who it comes from, above its words. */
export function leadOf(proposal: Proposal): string {
  const name = proposerOf(proposal);
  const isOpen = proposal.state === 'open';
  if (proposal.mine) return t(isOpen ? 'proposals.one.you-suggest' : 'proposals.one.you-suggested');
  return t(isOpen ? 'proposals.one.suggests' : 'proposals.one.suggested', { name });
}

const said = (when: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(), options).format(when);

function daysBetween(earlier: Date, later: Date): number {
  const noon = (one: Date) => new Date(one.getFullYear(), one.getMonth(), one.getDate(), 12);
  return Math.round((noon(later).getTime() - noon(earlier).getTime()) / (24 * 60 * MINUTE));
}
