import { know, perLanguage, t } from '.';
import words from './en/times.json';

know(words);

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * When it was, as one would say it: "just now", "yesterday evening", "on Tuesday", "3 March".
 * In the phone's own zone; `now` is a parameter so that a test can stand still.
 */
export function kindTime(at: string | Date, now: Date = new Date()): string {
  const when = new Date(at);
  const minutes = Math.floor((now.getTime() - when.getTime()) / MINUTE);
  if (minutes < 2) return t('times.now');
  if (minutes < 60) return t('times.minutes', { count: minutes });
  const days = daysBetween(when, now);
  const part = partOfDay(when.getHours());
  if (days === 0) return t(`times.today.${part}`);
  if (days === 1) return t(`times.yesterday.${part}`);
  if (days < 7) return t('times.weekday', { day: format(when, { weekday: 'long' }) });
  return kindDay(when, now);
}

/** "3 March", with the year when it is not this one. */
export function kindDay(at: string | Date, now: Date = new Date()): string {
  const when = asDay(at);
  const isThisYear = when.getFullYear() === now.getFullYear();
  return format(when, {
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

/** "Tuesday 3 March 2026 at 14:05", for those who want to know. */
export function exactTime(at: string | Date): string {
  return format(new Date(at), { dateStyle: 'full', timeStyle: 'short' });
}

/** "14:05": for what is near. */
export function clockTime(at: string | number | Date): string {
  return format(new Date(at), { timeStyle: 'short' });
}

type Part = 'morning' | 'afternoon' | 'evening' | 'night';

export function partOfDay(hour: number): Part {
  if (hour < 5) return 'night';
  if (hour < 12) return 'morning';
  return hour < 17 ? 'afternoon' : 'evening';
}

/** Calendar days, not spans of 24 hours: an hour after midnight, ten minutes before it is yesterday. */
function daysBetween(earlier: Date, later: Date): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

function midnight(when: Date): number {
  return new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
}

/** A bare date ("2026-03-01") is that day here; `new Date` alone would read it as midnight UTC. */
function asDay(at: string | Date): Date {
  return typeof at === 'string' && at.length === 10 ? new Date(`${at}T12:00`) : new Date(at);
}

const formatters = perLanguage((locale) => ({
  locale,
  made: new Map<string, Intl.DateTimeFormat>(),
}));

function format(when: Date, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  const { locale, made } = formatters();
  let formatter = made.get(key);
  if (!formatter) made.set(key, (formatter = new Intl.DateTimeFormat(locale, options)));
  return formatter.format(when);
}
