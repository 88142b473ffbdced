import { called, namesOf } from '../../core/called.svelte';
import type { CohortOut, CohortPerson, ReflectionOut } from '../../api/shapes';
import { t } from '../../i18n';
import type { Readers } from '../../ui/audience-words';
import { readersOf, type Shared } from '../reflections/words';

type Read = Shared & Pick<ReflectionOut, 'author' | 'mine'>;

/** Who can see a reflection, said to the person `myId` who reads it: "Ana, Dev and you". */
export function readersAsOf(
  reflection: Read,
  cohort: CohortOut | null,
  people: readonly CohortPerson[],
  myId: string,
): Readers {
  const readers = readersOf(reflection, cohort, people, reflection.author.id);
  if (reflection.mine) return readers;
  if (reflection.audience === 'cohort') return since(readers, reflection, 'can');
  const others = reflection.shared_with.filter(({ id }) => id !== myId);
  if (!others.length) return { ...readers, names: [t('activity.one.only-you')] };
  return { ...readers, names: [...namesOf(others), t('activity.one.you')] };
}

/** Who will see a response to it: its author, and everyone else who can see it. */
export function respondersOf(
  reflection: Read,
  cohort: CohortOut | null,
  people: readonly CohortPerson[],
  myId: string,
): Readers {
  const readers = readersOf(reflection, cohort, people, reflection.author.id);
  if (reflection.audience === 'cohort') return since(readers, reflection, 'will');
  const others = reflection.shared_with.filter(({ id }) => id !== myId);
  return { ...readers, names: namesOf([reflection.author, ...others]) };
}

/** Some have joined since its author shared it with the cohort, and do not see it. */
function since(readers: Readers, { author }: Read, tense: 'can' | 'will'): Readers {
  if (!readers.isPast) return readers;
  const values = { cohort: readers.cohort ?? '', name: called(author) };
  return { ...readers, words: t(`activity.one.then-${tense}`, values) };
}
