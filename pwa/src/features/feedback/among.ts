import { listOf, t } from '../../i18n';

/** "Only you and Morag will see this": said before it is sent to these. */
export const willSee = (names: readonly string[]): string =>
  t('feedback.sees.will', { who: listOf([t('feedback.sees.you'), ...names]) });

/** The same of what is there. */
export const canRead = (names: readonly string[]): string =>
  t('feedback.sees.can', { who: listOf([t('feedback.sees.you'), ...names]) });
