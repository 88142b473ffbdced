/** When a session began, as somebody remembers a sign-in: which day, and which part of it. */
import { locale, t } from '../../i18n';
import { clockTime, kindDay, partOfDay } from '../../i18n/times';

export function signInTime(at: string, now: Date = new Date()): string {
  const when = new Date(at);
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: 'long' }).format(when);
  return t(`me.sessions.${partOfDay(when.getHours())}`, { weekday, day: kindDay(when, now) });
}

type Began = { device: string; started_at: string };

/** The same with the hour, where another session of the same device would be said to have begun then, too. */
export function signInTimeAmong(one: Began, all: readonly Began[], now: Date = new Date()): string {
  const said = signInTime(one.started_at, now);
  const isAlike = all.some(
    (other) =>
      other.started_at !== one.started_at &&
      other.device === one.device &&
      signInTime(other.started_at, now) === said,
  );
  return isAlike ? t('me.sessions.at', { when: said, time: clockTime(one.started_at) }) : said;
}
