/** When a session began, as somebody remembers a sign-in: which day, and which part of it. */
import { locale, t } from '../../i18n';
import { kindDay, partOfDay } from '../../i18n/times';

export function signInTime(at: string, now: Date = new Date()): string {
  const when = new Date(at);
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: 'long' }).format(when);
  return t(`me.sessions.${partOfDay(when.getHours())}`, { weekday, day: kindDay(when, now) });
}
