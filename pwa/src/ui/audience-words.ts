import { listOf, t } from '../i18n';

export interface Readers {
  audience: 'me' | 'people' | 'cohort';
  /** First names or full names of the others, as they are shown. */
  names?: readonly string[];
  cohort?: string;
  /** How many people that is, the author among them; 0 while it is not known. */
  people?: number;
  /** How many of these people are facilitators; 0 where only the author is one. */
  facilitators?: number;
  /** Some have joined since it was shared with the cohort, and do not see it. */
  isPast?: boolean;
  /** Said instead, where none of the usual sentences is right. */
  words?: string;
}

/** The one line that stands under everything that others may read. `can` for what is already shared. */
export function audienceWords(readers: Readers, tense: 'will' | 'can' = 'will'): string {
  const { audience, names = [], cohort = '', people = 0, facilitators = 0 } = readers;
  if (readers.words) return readers.words;
  if (audience === 'cohort' && readers.isPast && tense === 'can') {
    return t('ui.audience.can.cohort-then', { cohort });
  }
  if (audience === 'cohort' && !people) return t(`ui.audience.${tense}.cohort`, { cohort });
  if (audience === 'cohort') {
    const among = facilitators > 1 ? 'facilitators' : facilitators === 1 ? 'facilitator' : 'people';
    return t(`ui.audience.${tense}.cohort-${among}`, { count: people, cohort });
  }
  if (audience === 'people' && names.length > 0)
    return t(`ui.audience.${tense}.people`, { names: listOf(names) });
  return t(`ui.audience.${tense}.me`);
}
