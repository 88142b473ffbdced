import { locale, perLanguage, t } from '../../i18n';
import { folded } from '../../core/search';

/** The heading of a group of the timeline (see `groupOf`). */
export function groupWords(when: string, now = new Date()): string {
  if (when === 'today' || when === 'yesterday' || when === 'week' || when === 'last_week') {
    return t(`reflections.group.${when}`);
  }
  return monthWords(when, now);
}

/** "October", with the year when it is not this one; the month as `monthOf` gives it. */
export function monthWords(when: string, now = new Date()): string {
  const isThisYear = when.startsWith(`${now.getFullYear()}-`);
  const month = new Intl.DateTimeFormat(locale(), {
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return month.format(new Date(`${when}-15T12:00`));
}

const namesOfMonths = perLanguage((locale) => {
  const { format } = new Intl.DateTimeFormat(locale, { month: 'long' });
  return Array.from({ length: 12 }, (_, month) => folded(format(new Date(2026, month))));
});

/** Which month, from 0, is called so; null where none is. The word as `wordsOf` gives it. */
export function monthNamed(word: string): number | null {
  const month = namesOfMonths().indexOf(word);
  return month < 0 ? null : month;
}
