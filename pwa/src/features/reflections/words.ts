import { namesOf } from '../../core/called.svelte';
import type { CohortPerson, Noticing, ReflectionOut } from '../../api/shapes';
import { t } from '../../i18n';
import type { Readers } from '../../ui/audience-words';

export const NOTICINGS: readonly Noticing[] = [
  'shifted',
  'held_back',
  'connected',
  'surprised',
  'stuck',
  'working',
  'in_the_way',
];

export const noticingOptions = () =>
  NOTICINGS.map((value) => ({ value, label: t(`reflections.noticing.${value}`) }));

/** How many it reaches the server says, of what it has. */
export type Shared = Pick<ReflectionOut, 'audience' | 'shared_with' | 'cohort_id'> & {
  reached?: number;
};

/** Who reads it, for the line under it; `people` are the members of its cohort as far as the phone knows them. */
export function readersOf(
  item: Shared,
  cohort: { name: string } | null,
  people: readonly CohortPerson[],
  myId: string,
): Readers {
  const names = namesOf(item.shared_with);
  if (item.audience !== 'cohort') return { audience: item.audience, names };
  return {
    audience: 'cohort',
    cohort: cohort?.name ?? t('reflections.share.the-cohort'),
    // In a list it is told how many they are, and not who; neither is known of what was not sent.
    people: (item.shared_with.length || (item.reached ?? people.length - 1)) + 1,
    facilitators: facilitatorsIn(people, myId),
    isPast:
      newcomers(item, people, myId).length > 0 || people.length - 1 > (item.reached ?? Infinity),
  };
}

/** How many facilitators are among them all, `myId` counted as everybody is; 0 where there is no other. */
export function facilitatorsIn(people: readonly CohortPerson[], myId: string): number {
  const all = people.filter(({ role }) => role === 'facilitator');
  return all.some(({ id }) => id !== myId) ? all.length : 0;
}

/** "Share with Hazel": stands on the button that does it. */
export function shareWords(item: Shared, cohort: { name: string } | null): string {
  const names = namesOf(item.shared_with);
  if (item.audience === 'people' && names.length > 1)
    return t('reflections.share.confirm-people', { count: names.length });
  const whom = item.audience === 'people' ? names[0] : cohort?.name;
  return t('reflections.share.confirm-person', {
    name: whom ?? t('reflections.share.the-cohort'),
  });
}

/** Those who joined after it was shared with the cohort: they do not see it unless it is shared again. */
export function newcomers(
  item: Shared,
  people: readonly CohortPerson[],
  myId: string,
): CohortPerson[] {
  if (item.audience !== 'cohort' || item.shared_with.length === 0) return [];
  const known = new Set([myId, ...item.shared_with.map(({ id }) => id)]);
  return people.filter(({ id }) => !known.has(id));
}
