/** Who and what waits for me: said in one line on Today, and as a dot on the tab where it waits. */
import { untrack } from 'svelte';
import type { CheckInOut, CohortOut, PersonRef } from '../../api/shapes';
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

interface OfCohort {
  proposals: readonly Proposal[];
  checkIns: readonly CheckInOut[];
}

export interface Waiting extends OfCohort {
  /** What somebody asks, or offers. */
  asked: readonly Entry[];
  /** Answers to open. */
  answered: readonly Entry[];
  /** What the month's question for me alone is about; nobody waits for it. */
  justForMe: string | null;
  /** What a newcomer has joined, as long as there are first steps; on that day they come before all else. */
  joined: Joined | null;
  /** Of cohorts of mine that are not on the screen. */
  elsewhere: readonly (OfCohort & { cohort: Pick<CohortOut, 'id' | 'name'> })[];
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
      const others = cohortId ? othersThan(cohortId) : [];
      // What is begun by asking is no reason to ask again.
      untrack(() => others.forEach(({ id }) => loadHere(id)));
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

/** Of the others no more is asked at an opening: what the phone has of them comes with the question about all of it. */
function loadHere(cohortId: string): void {
  void proposals.loadHere(cohortId).catch(() => undefined);
  void checkIns.loadHere(cohortId).catch(() => undefined);
}

const othersThan = (cohortId: string): CohortOut[] =>
  cohorts.items.filter(({ id }) => id !== cohortId);

const inCohort = (cohortId: string): Waiting => ({
  asked: feedback.toAnswer,
  answered: feedback.places.open,
  ...ofCohort(cohortId),
  justForMe: justForMe.dueIn(cohortId),
  joined: waiting.hasFirstSteps ? joinedNow(cohortId) : null,
  elsewhere: othersThan(cohortId).map((cohort) => ({ cohort, ...ofCohort(cohort.id) })),
});

const ofCohort = (cohortId: string): OfCohort => ({
  proposals: proposals.forMe(cohortId),
  checkIns: checkIns.forMe(cohortId),
});

function joinedNow(cohortId: string): Joined | null {
  const cohort = cohorts.find(cohortId);
  const isToday = !!cohort && dayOf(new Date(cohort.joined_at)) === today();
  return cohort && { cohort: cohort.name, isToday };
}

/** Who waits near, else who waits in another cohort, which is named; whether more is elsewhere is said, too. */
export function lineOf({ elsewhere, joined, ...near }: Waiting): Line | null {
  if (joined?.isToday) return beginWith(joined);
  const first = firstOf(near);
  const others = elsewhere.flatMap(({ cohort, ...things }) => {
    const firstThere = firstOf({ asked: [], answered: [], justForMe: null, ...things });
    return firstThere ? [{ cohort, ...firstThere }] : [];
  });
  const names = others.map(({ cohort }) => cohort.name);
  if (first)
    return { href: first.href, words: withMore(first, first.hasMore || joined !== null, names) };
  const [other] = others;
  if (!other) return joined && beginWith(joined);
  const { cohort } = other;
  const inIt = (line: string) => t('waits.in', { line, cohort: cohort.name });
  const said = { words: inIt(other.words), short: inIt(other.short) };
  const words = withMore(said, joined !== null, other.hasMore ? names : names.slice(1));
  return { href: `${other.href}?cohort=${cohort.id}`, words };
}

const beginWith = ({ cohort }: Joined): Line => ({
  href: BEGIN_HERE,
  words: t('waits.begin', { cohort }),
});

interface Said {
  words: string;
  /** Where more is said behind it: two lines of a small phone hold both. */
  short: string;
}

/** That there is more is said and not counted: some of it stands one tap on. */
interface First extends Said {
  href: string;
  hasMore: boolean;
}

/** People before things, each person once. Leads to the first of them. */
function firstOf({
  asked,
  answered,
  proposals,
  checkIns,
  justForMe,
}: Omit<Waiting, 'elsewhere' | 'joined'>): First | null {
  const hrefs = [
    ...asked.map(({ thread }) => `/feedback/${thread.id}`),
    ...proposals.map(({ id }) => `/cohort/contract/proposals/${id}`),
    ...answered.map(({ thread }) => `/feedback/${thread.id}`),
    ...checkIns.map(({ id }) => `/cohort/contract/check-ins/${id}`),
    ...(justForMe ? ['/#just-for-me'] : []),
  ];
  const [href] = hrefs;
  if (!href) return null;
  const first = (words: string, of: number, short = words): First => ({
    href,
    words,
    short,
    hasMore: hrefs.length > of,
  });
  const people = distinct([
    ...asked.map(({ piece }) => otherPerson(piece)),
    ...proposals.map(({ proposer }) => proposer),
  ]);
  const askFor = asked.length + proposals.length;
  if (people.length) return first(said('people', people), askFor, said('people-short', people));
  if (askFor) return first(t('waits.proposal'), 1);
  const givers = distinct(answered.map(({ piece }) => piece.giver));
  if (givers.length) return first(said('answers', givers), answered.length);
  return first(t(checkIns.length ? 'waits.check-in' : 'waits.just-for-me'), 1);
}

const tabsOf = ({ asked, answered, elsewhere, ...here }: Waiting): Record<string, string> => ({
  '/feedback': asked.length + answered.length ? t('waits.here') : '',
  '/cohort': [here, ...elsewhere].some(
    ({ proposals, checkIns }) => proposals.length + checkIns.length,
  )
    ? t('waits.here')
    : '',
});

function said(what: 'people' | 'people-short' | 'answers', people: readonly PersonRef[]): string {
  const [first] = people;
  const others = people.length - 1;
  const names =
    people.length > NAMED
      ? t('waits.names', { name: called(first!), number: inWords(others) })
      : listOf(people.map(called));
  return t(`waits.${what}`, { count: people.length, names });
}

/** @param isBelow more is below on Today @param cohorts in these others there is more, too */
function withMore(line: Said, isBelow: boolean, cohorts: readonly string[]): string {
  const values = { line: line.short, cohorts: listOf(cohorts) };
  if (cohorts.length) return t(isBelow ? 'waits.more-also-in' : 'waits.more-in', values);
  return isBelow ? t('waits.more', values) : line.words;
}

/** Who has left has no name any more, and waits for nothing. */
function distinct(people: readonly (PersonRef | null)[]): PersonRef[] {
  return [...new Map(people.flatMap((one) => (one ? [[one.id, one]] : []))).values()];
}
