/** Who and what waits for me: said in one line on Today, and as a dot on the tab where it waits. */
import type { CheckInOut, CohortOut, PersonRef } from '../../api/shapes';
import { called } from '../../core/called.svelte';
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
  /** Of cohorts of mine that are not on the screen. */
  elsewhere: readonly (OfCohort & { cohort: Pick<CohortOut, 'id' | 'name'> })[];
}

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
      for (const { id } of cohortId ? othersThan(cohortId) : []) loadHere(id);
    });
    $effect(() => {
      const now = cohortId ? inCohort(cohortId) : null;
      waiting.line = now && lineOf(now);
      waiting.elsewhere = now ? tabsOf(now) : {};
    });
  });
}

function load(cohortId: string): void {
  void feedback.load();
  void proposals.load(cohortId);
  void checkIns.loadOf(cohortId);
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
  elsewhere: othersThan(cohortId).map((cohort) => ({ cohort, ...ofCohort(cohort.id) })),
});

const ofCohort = (cohortId: string): OfCohort => ({
  proposals: proposals.forMe(cohortId),
  checkIns: checkIns.forMe(cohortId),
});

/** Who waits near, else who waits in another cohort, which is named; whether more is elsewhere is said, too. */
export function lineOf({ elsewhere, ...near }: Waiting): Line | null {
  const first = firstOf(near);
  const others = elsewhere.flatMap(({ cohort, ...things }) => {
    const firstThere = firstOf({ asked: [], answered: [], ...things });
    return firstThere ? [{ cohort, ...firstThere }] : [];
  });
  const names = others.map(({ cohort }) => cohort.name);
  if (first) return { href: first.href, words: withMore(first.words, first.more, names) };
  const [other] = others;
  if (!other) return null;
  const line = t('waits.in', { line: other.words, cohort: other.cohort.name });
  const words = withMore(line, 0, other.more ? names : names.slice(1));
  return { href: `${other.href}?cohort=${other.cohort.id}`, words };
}

interface First extends Line {
  /** So many things ask besides. */
  more: number;
}

/** People before things, each person once. Leads to the first of them. */
function firstOf({
  asked,
  answered,
  proposals,
  checkIns,
}: Omit<Waiting, 'elsewhere'>): First | null {
  const hrefs = [
    ...asked.map(({ thread }) => `/feedback/${thread.id}`),
    ...proposals.map(({ id }) => `/cohort/contract/proposals/${id}`),
    ...answered.map(({ thread }) => `/feedback/${thread.id}`),
    ...checkIns.map(({ id }) => `/cohort/contract/check-ins/${id}`),
  ];
  const [href] = hrefs;
  if (!href) return null;
  const people = distinct([
    ...asked.map(({ piece }) => otherPerson(piece)),
    ...proposals.map(({ proposer }) => proposer),
  ]);
  const askFor = asked.length + proposals.length;
  if (people.length) return { href, words: said('people', people), more: hrefs.length - askFor };
  if (askFor) return { href, words: t('waits.proposal'), more: hrefs.length - 1 };
  const givers = distinct(answered.map(({ piece }) => piece.giver));
  if (givers.length) return { href, words: said('answers', givers), more: checkIns.length };
  return { href, words: t('waits.check-in'), more: hrefs.length - 1 };
}

const tabsOf = ({ asked, answered, elsewhere, ...here }: Waiting): Record<string, string> => ({
  '/feedback': asked.length + answered.length ? t('waits.here') : '',
  '/cohort': [here, ...elsewhere].some(
    ({ proposals, checkIns }) => proposals.length + checkIns.length,
  )
    ? t('waits.here')
    : '',
});

function said(what: 'people' | 'answers', people: readonly PersonRef[]): string {
  const [first] = people;
  const others = people.length - 1;
  const names =
    people.length > NAMED
      ? t('waits.names', { name: called(first!), number: inWords(others) })
      : listOf(people.map(called));
  return t(`waits.${what}`, { count: people.length, names });
}

/** @param below so many things are below on Today @param cohorts in these others there are some, too */
function withMore(line: string, below: number, cohorts: readonly string[]): string {
  if (cohorts.length)
    return t(below ? 'waits.more-also-in' : 'waits.more-in', { line, cohorts: listOf(cohorts) });
  return below ? t('waits.more', { line, count: below }) : line;
}

/** Who has left has no name any more, and waits for nothing. */
function distinct(people: readonly (PersonRef | null)[]): PersonRef[] {
  return [...new Map(people.flatMap((one) => (one ? [[one.id, one]] : []))).values()];
}
