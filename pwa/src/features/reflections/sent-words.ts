/** What is said of a reflection of mine that others read: with whom it is shared, and what has reached them. */
import type { CohortPerson, ReflectionOut } from '../../api/shapes';
import { namesOf } from '../../core/called.svelte';
import { know, listOf, t } from '../../i18n';
import words from '../../i18n/en/kept.json';
import { audienceWords, type Readers } from '../../ui/audience-words';
import { waits } from '../unsent/waits';
import type { KeptReflection } from './reflections.svelte';
import { readersOf } from './words';

know(words);

type Shared = Pick<ReflectionOut, 'audience' | 'shared_with'>;
type Cohort = { name: string } | null;

/** "Hazel", or "Björn and Cleo". */
export const whomWords = ({ audience, shared_with }: Shared, cohort: Cohort): string =>
  audience === 'people'
    ? listOf(namesOf(shared_with))
    : (cohort?.name ?? t('reflections.share.the-cohort'));

/** On the button that keeps new words: whom they reach. */
export function changeWords(item: Shared, cohort: Cohort): string {
  if (item.audience === 'me') return t('reflections.keep.button');
  const count = item.shared_with.length;
  return item.audience === 'people' && count > 1
    ? t('reflections.edit.share-people', { count })
    : t('reflections.edit.share', { whom: whomWords(item, cohort) });
}

/** Whether somebody can read it still who will not once this is sent. 'perhaps': nobody knows whether it reached them. */
export function isStillSeen(kept: KeptReflection): 'no' | 'perhaps' | 'yes' {
  const before = kept.theirs ?? kept.before;
  if (kept.state === 'safe' || !before || before.audience === 'me') return 'no';
  const stays = new Set(kept.shared_with.map(({ id }) => id));
  // In another cohort nobody of this one reads it.
  const isMoved = before.cohort_id !== undefined && before.cohort_id !== kept.cohort_id;
  const loses =
    kept.audience === 'me' ||
    (kept.audience === 'cohort' && isMoved) ||
    (kept.audience === 'people' &&
      (before.audience === 'cohort' || before.shared_with.some(({ id }) => !stays.has(id))));
  if (!loses) return 'no';
  return 'isGuess' in before && before.isGuess ? 'perhaps' : 'yes';
}

/** Taken back here: whether the others have lost it too. */
export function takenBackWords(kept: KeptReflection): string {
  const seen = isStillSeen(kept);
  if (seen === 'no') return t('reflections.keep.taken-back');
  return waits(`reflections.keep.${seen === 'yes' ? 'being-taken-back' : 'taken-back-perhaps'}`);
}

/** The line under one of mine: who can read it, or who will once this is sent, and what is so until then. */
export function readersNow(
  kept: KeptReflection,
  cohort: Cohort,
  people: readonly CohortPerson[],
  myId: string,
): Readers & { tense: 'will' | 'can' } {
  const readers = readersOf(kept, cohort, people, myId);
  const seen = isStillSeen(kept);
  if (kept.state === 'safe' || (kept.audience === 'me' && seen === 'no'))
    return { ...readers, tense: 'can' };
  const tense = readers.isPast ? 'can' : 'will';
  const who = audienceWords(readers, tense);
  return { ...readers, tense, words: said() };

  function said(): string {
    if (kept.state !== 'waiting') return t('reflections.now.not-sent', { who });
    if (kept.audience === 'me') return takenBackWords(kept);
    return waits(`reflections.now.${seen === 'no' ? 'waiting' : 'narrowed'}`, { who });
  }
}
