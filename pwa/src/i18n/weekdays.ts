import { know, listOf, locale, t } from '.';
import words from './en/times.json';

know(words);

/** 0 is Monday, as the server counts. */
export const WEEK = [0, 1, 2, 3, 4, 5, 6] as const;

/** Any Monday will do. */
const MONDAY = Date.UTC(2026, 0, 5, 12);
const DAY = 86_400_000;

/** The name of a weekday; short ones for chips. */
export function weekdayName(weekday: number, length: 'long' | 'short' = 'long'): string {
  const format = new Intl.DateTimeFormat(locale(), { weekday: length, timeZone: 'UTC' });
  return format.format(MONDAY + weekday * DAY);
}

/** "Every day", "Monday to Friday", "Monday and Wednesday". */
export function daysWords(weekdays: readonly number[]): string {
  if (weekdays.length === WEEK.length) return t('times.days.every');
  const said = spans(weekdays).flatMap(([from, to]) => {
    const names = WEEK.slice(from, to + 1).map((day) => weekdayName(day));
    // Two days in a row are named; from three on they are a span.
    if (names.length < 3) return names;
    return [t('times.days.span', { from: names[0]!, to: names.at(-1)! })];
  });
  return listOf(said);
}

/** Days that follow each other: Monday to Wednesday and Friday are [0, 2] and [4, 4]. */
export function spans(weekdays: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const day of weekdays) {
    const last = found.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else found.push([day, day]);
  }
  return found;
}
