/**
 * What people are called, in one place for every screen: as the lists of my cohorts' people have it.
 * There the server says of those who look alike since when they are called so. Whatever else the phone
 * holds may have been kept before a name changed; so the list goes before it, also without signal.
 */
import type { PersonRef } from '../api/shapes';
import { t } from '../i18n';
import { whenIdle } from './idle';
import type { Listed } from './told-apart';

/** Each of my cohorts with its people, as the phone knows them now. */
let lists: ReadonlyMap<string, () => readonly Listed[]> = $state.raw(new Map());
/** How those who look alike are told apart; null for as long as it is on its way. */
let apart = $state.raw<typeof import('./told-apart') | null>(null);

/** From now on these are my cohorts, and these are the people in them. */
export function namesComeFrom(cohorts: ReadonlyMap<string, () => readonly Listed[]>): void {
  lists = cohorts;
  void whenIdle()
    .then(learnToTellApart)
    .catch(() => undefined);
}

export async function learnToTellApart(): Promise<void> {
  apart ??= await import('./told-apart');
}

/** "Morag", and where somebody else's name looks like hers "Morag (called so since 3 March)". */
export function called({ id, name }: Pick<PersonRef, 'id' | 'name'>): string {
  const everybody = [...lists.values()].flatMap((people) => people());
  const listed = everybody.filter((one) => one.id === id);
  const [first] = listed;
  if (first) {
    const since = listed.map((one) => one.called_since ?? '').reduce((a, b) => (a > b ? a : b));
    if (!since) return first.name;
    if (apart) return apart.toldApart(first, since, everybody);
    return t('ui.called.since', { name: first.name, day: since.slice(0, 10) });
  }
  // Who has left is on no list; what they said is still there, and is not their namesake's.
  const isAlike = apart?.isAlike ?? ((one: string, other: string) => one === other);
  const isTaken = id && everybody.some((one) => isAlike(one.name, name));
  return isTaken ? t('ui.called.left', { name }) : name;
}

export const namesOf = (people: readonly PersonRef[]): string[] => people.map(called);
