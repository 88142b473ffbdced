/**
 * What people are called, in one place for every screen: as the lists of my cohorts' people have it.
 * There the server says of those who look alike since when they are called so. Whatever else the phone
 * holds may have been kept before a name changed; so the list goes before it, also without signal.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { CohortPerson, PersonRef } from '../api/shapes';
import { t } from '../i18n';
import { clockTime, kindDay } from '../i18n/times';
import lookAlikes from './look-alikes.json';

type Listed = Pick<CohortPerson, 'id' | 'name' | 'called_since'>;

/** Each of my cohorts with its people, as the phone knows them now. */
const lists = new SvelteMap<string, () => readonly Listed[]>();

/** From now on these are my cohorts, and these are the people in them. */
export function namesComeFrom(cohorts: ReadonlyMap<string, () => readonly Listed[]>): void {
  for (const id of lists.keys()) if (!cohorts.has(id)) lists.delete(id);
  for (const [id, people] of cohorts) lists.set(id, people);
}

/** "Morag", and where somebody else's name looks like hers "Morag (called so since 3 March)". */
export function called({ id, name }: Pick<PersonRef, 'id' | 'name'>): string {
  const everybody = [...lists.values()].flatMap((people) => people());
  const listed = everybody.filter((one) => one.id === id);
  const [first] = listed;
  if (first) {
    const since = listed.map((one) => one.called_since ?? '').reduce((a, b) => (a > b ? a : b));
    return since ? toldApart(first, since, everybody) : first.name;
  }
  // Who has left is on no list; what they said is still there, and is not their namesake's.
  const isTaken = id && everybody.some((one) => isAlike(one.name, name));
  return isTaken ? t('ui.called.left', { name }) : name;
}

/** By the day; and by the clock where somebody who looks alike has been called so since that day too. */
function toldApart({ id, name }: Listed, since: string, everybody: readonly Listed[]): string {
  const day = kindDay(since);
  const others = everybody.filter((one) => one.id !== id && one.called_since);
  const isDayShared = others.some(
    (one) => kindDay(one.called_since!) === day && isAlike(one.name, name),
  );
  const time = isDayShared ? clockTime(since) : '';
  return t(isDayShared ? 'ui.called.since-time' : 'ui.called.since', { name, day, time });
}

export const namesOf = (people: readonly PersonRef[]): string[] => people.map(called);

const LONGEST = 80;
const AS_CAPITAL = turned(lookAlikes.capitals);
const AS_SMALL = turned(lookAlikes.small);
/** Marks, what cannot be seen, spaces, punctuation, apostrophes of all kinds. */
const FAINT =
  /[\p{M}\p{C}\p{Z}\p{P}\p{Lm}\p{Sk}\u115f\u1160\u2800\u3164\uffa0\ufffc\ua78b\ua78c\u{1d159}]/gu;

function turned(table: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).flatMap(([to, all]) => [...all].map((one) => [one, to])));
}

const passed = (name: string, table: ReadonlyMap<string, string>): string =>
  [...name.normalize('NFKD').replace(FAINT, '')].map((one) => table.get(one) ?? one).join('');

/** As the server has it: letters that pass for others are one. Its length first: folding costs more. */
const look = (name: string): string =>
  passed(passed(name.slice(0, LONGEST), AS_CAPITAL).toLowerCase(), AS_SMALL)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w') || name;

/** Whether one could be taken for the other: as they are written, or in small letters. */
const isAlike = (one: string, other: string): boolean =>
  [one, one.toLowerCase()].some((a) =>
    [other, other.toLowerCase()].some((b) => look(a) === look(b)),
  );
