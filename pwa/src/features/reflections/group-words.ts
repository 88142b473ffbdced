import { locale, t } from '../../i18n';

/** The heading of a group of the timeline (see `groupOf`). */
export function groupWords(when: string, now = new Date()): string {
  if (when === 'today' || when === 'yesterday' || when === 'week' || when === 'last_week') {
    return t(`reflections.group.${when}`);
  }
  const isThisYear = when.startsWith(`${now.getFullYear()}-`);
  const month = new Intl.DateTimeFormat(locale, {
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return month.format(new Date(`${when}-15T12:00`));
}
