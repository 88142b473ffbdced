import { locale, t } from '../../i18n';

/** "From March 2026 to July 2027.", or what is known of it. */
export function dateWords(startsOn: string | null, endsOn: string | null): string {
  if (startsOn && endsOn)
    return t('joining.dates.both', { from: month(startsOn), to: month(endsOn) });
  if (startsOn) return t('joining.dates.from', { from: month(startsOn) });
  if (endsOn) return t('joining.dates.to', { to: month(endsOn) });
  return '';
}

/** Plain dates have no zone: noon UTC is that day nearly everywhere. */
function month(date: string): string {
  return new Intl.DateTimeFormat(locale(), {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T12:00:00Z`));
}
