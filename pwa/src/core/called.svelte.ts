/**
 * What people are called, in one place for every screen: as the lists of my cohorts' people have it.
 * There the server says of those who look alike since when they are called so. Whatever else the phone
 * holds may have been kept before a name changed; so the list goes before it, also without signal.
 */
import type { CohortPerson, PersonRef } from '../api/shapes';
import { locale, once, t } from '../i18n';

type Listed = Pick<CohortPerson, 'id' | 'name' | 'called_since'>;

/** Each of my cohorts with its people, as the phone knows them now. */
let lists: ReadonlyMap<string, () => readonly Listed[]> = $state.raw(new Map());

/** From now on these are my cohorts, and these are the people in them. */
export function namesComeFrom(cohorts: ReadonlyMap<string, () => readonly Listed[]>): void {
  lists = cohorts;
}

/** "Morag", and where somebody else's name looks like hers "Morag (since 3 March 2026, 10:14)". */
export function called({ id, name }: Pick<PersonRef, 'id' | 'name'>): string {
  const everybody = [...lists.values()].flatMap((people) => people());
  const listed = everybody.filter((one) => one.id === id);
  const [first] = listed;
  if (first) {
    const since = listed.map((one) => one.called_since ?? '').reduce((a, b) => (a > b ? a : b));
    return since
      ? t('ui.called.since', { name: first.name, when: exactDay().format(new Date(since)) })
      : first.name;
  }
  // Who has left is on no list; what they said is still there, and is not their namesake's.
  const isTaken = id && everybody.some((one) => look(one.name) === look(name));
  return isTaken ? t('ui.called.left', { name }) : name;
}

/** "3 Mar 2026, 10:14": a day and a minute that are not another. */
const exactDay = once(
  () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
);

export const namesOf = (people: readonly PersonRef[]): string[] => people.map(called);

const LONGEST = 80;

/** Without case, marks, spaces and what cannot be seen. Its length first: folding costs more. */
const look = (name: string): string =>
  name
    .slice(0, LONGEST)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{C}\p{Z}\p{P}]/gu, '');
