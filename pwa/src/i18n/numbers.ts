import { know, t } from '.';
import words from './en/numbers.json';

know(words);

/** "two", as far as people count so. */
export const inWords = (count: number): string | number =>
  t('numbers.in-words').split(' ')[count - 1] ?? count;
