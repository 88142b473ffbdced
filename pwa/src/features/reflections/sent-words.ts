/** What is said of a reflection of mine that others read: with whom it is shared, and what has reached them. */
import type { ReflectionOut } from '../../api/shapes';
import { namesOf } from '../../core/called.svelte';
import { listOf, t } from '../../i18n';

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
