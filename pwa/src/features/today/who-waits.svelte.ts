/** Who and what waits for me: said in one line on Today, and as a dot on the tab where it waits. */
import type { CheckInOut, PersonRef } from '../../api/shapes';
import { called } from '../../core/called.svelte';
import { dayOf, today } from '../../core/days';
import { whileLooking } from '../../core/looking';
import { know, listOf, t } from '../../i18n';
import { inWords } from '../../i18n/numbers';
import words from '../../i18n/en/who-waits.json';
import { session } from '../../store/session.svelte';
import { waiting, type Line } from '../../store/waiting.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';
import { feedback } from '../feedback/feedback.svelte';
import { otherPerson, type Entry } from '../feedback/threads';
import type { Proposal } from '../proposals/laid-over';
import { proposals } from '../proposals/proposals.svelte';
import { checkIns } from '../pulse/check-ins.svelte';
import { justForMe } from '../pulse/just-for-me.svelte';
import { pulses } from '../pulse/pulses.svelte';

know(words);

export interface Waiting {
  /** What somebody asks, or offers. */
  asked: readonly Entry[];
  /** Answers to open. */
  answered: readonly Entry[];
  proposals: readonly Proposal[];
  checkIns: readonly CheckInOut[];
  /** The question of the month, which nobody waits for. */
  justForMe: string | null;
  /** What a newcomer has joined, as long as there are first steps; on that day they come before all else. */
  joined: Joined | null;
}

type Joined = { cohort: string; isToday: boolean };

const BEGIN_HERE = '/#begin-here';
/** So many are named; of more, the first. */
const NAMED = 2;

/** Once: it follows whoever is here. */
export function begin(): void {
  $effect.root(() => {
    const cohortId = $derived(session.state === 'signed_in' ? cohorts.current?.id : undefined);
    $effect(() => {
      if (cohortId) return whileLooking(() => load(cohortId));
    });
    $effect(() => {
      const now = cohortId ? inCohort(cohortId) : null;
      waiting.line = now && lineOf(now);
      waiting.elsewhere = now ? tabsOf(now) : {};
    });
  });
}

/** What stands below the box asks for none of it again. */
function load(cohortId: string): void {
  void feedback.load();
  void proposals.load(cohortId);
  void checkIns.loadOf(cohortId);
  void pulses.contractHere(cohortId).catch(() => undefined);
  void justForMe.load().catch(() => undefined);
}

const inCohort = (cohortId: string): Waiting => ({
  asked: feedback.toAnswer,
  answered: feedback.places.open,
  proposals: proposals.forMe(cohortId),
  checkIns: checkIns.forMe(cohortId),
  justForMe: justForMe.dueIn(cohortId),
  joined: waiting.hasFirstSteps ? joinedNow(cohortId) : null,
});

function joinedNow(cohortId: string): Joined | null {
  const cohort = cohorts.find(cohortId);
  const isToday = !!cohort && dayOf(new Date(cohort.joined_at)) === today();
  return cohort && { cohort: cohort.name, isToday };
}

/**
 * People before things, each person once. That there is more is said and not counted: some of it stands one tap on.
 * Leads to the first of them.
 */
export function lineOf(now: Waiting): Line | null {
  const { asked, answered, proposals, checkIns, justForMe, joined } = now;
  if (joined?.isToday) return beginWith(joined);
  const hrefs = [
    ...asked.map(({ thread }) => `/feedback/${thread.id}`),
    ...proposals.map(({ id }) => `/cohort/contract/proposals/${id}`),
    ...answered.map(({ thread }) => `/feedback/${thread.id}`),
    ...checkIns.map(({ id }) => `/cohort/contract/check-ins/${id}`),
    ...(justForMe ? ['/#just-for-me'] : []),
    ...(joined ? [BEGIN_HERE] : []),
  ];
  const [href] = hrefs;
  if (!href) return null;
  const people = distinct([
    ...asked.map(({ piece }) => otherPerson(piece)),
    ...proposals.map(({ proposer }) => proposer),
  ]);
  const askFor = asked.length + proposals.length;
  if (people.length)
    return { href, words: said(hrefs.length > askFor ? 'people-first' : 'people', people) };
  if (askFor) return { href, words: withMore(t('waits.proposal'), hrefs.length > 1) };
  const givers = distinct(answered.map(({ piece }) => piece.giver));
  if (givers.length)
    return { href, words: withMore(said('answers', givers), hrefs.length > answered.length) };
  if (!checkIns.length && !justForMe) return beginWith(joined!);
  const thing = t(checkIns.length ? 'waits.check-in' : 'waits.just-for-me');
  return { href, words: withMore(thing, hrefs.length > 1) };
}

const beginWith = ({ cohort }: Joined): Line => ({
  href: BEGIN_HERE,
  words: t('waits.begin', { cohort }),
});

const tabsOf = ({ asked, answered, proposals, checkIns }: Waiting): Record<string, string> => ({
  '/feedback': asked.length + answered.length ? t('waits.here') : '',
  '/cohort': proposals.length + checkIns.length ? t('waits.here') : '',
});

function said(what: 'people' | 'people-first' | 'answers', people: readonly PersonRef[]): string {
  const [first] = people;
  const others = people.length - 1;
  const names =
    people.length > NAMED
      ? t('waits.names', { name: called(first!), number: inWords(others) })
      : listOf(people.map(called));
  return t(`waits.${what}`, { count: people.length, names });
}

const withMore = (line: string, hasMore: boolean): string =>
  hasMore ? t('waits.more', { line }) : line;

/** Who has left has no name any more, and waits for nothing. */
function distinct(people: readonly (PersonRef | null)[]): PersonRef[] {
  return [...new Map(people.flatMap((one) => (one ? [[one.id, one]] : []))).values()];
}
