/** The look-back's arithmetic: weeks, and how the areas met in them. No drawing, no words. */
import type { Area, Noticing, ReflectionOut } from '../../api/shapes';
import { dayNumber, weekNumber } from './timeline';

export type Told = Pick<ReflectionOut, 'areas' | 'noticing' | 'written_at'>;
export type Pair = 'self-team' | 'team-system' | 'self-system';

export const PAIRS: Record<Pair, readonly [Area, Area]> = {
  'self-team': ['self', 'team'],
  'team-system': ['team', 'system'],
  'self-system': ['self', 'system'],
};

/** One row of the drawing: a week, or a pause of several weeks without a reflection. */
export interface Week<T extends Told = Told> {
  /** The Monday it begins with, and the Sunday it ends with. */
  from: Date;
  to: Date;
  /** Oldest first. */
  items: readonly T[];
}

/**
 * From the week of the last reflection back to that of the first, newest first; weeks without any are joined into one pause.
 * @param items newest first
 * @param most so many rows are enough
 */
export function weeksOf<T extends Told>(items: readonly T[], most = Infinity): Week<T>[] {
  const weeks: Week<T>[] = [];
  let last: number | null = null;
  let own: T[] = [];
  for (const item of items) {
    const week = weekNumber(new Date(item.written_at));
    if (week !== last) {
      if (weeks.length >= most) break;
      if (last !== null && week < last - 1)
        weeks.push({ from: monday(week + 1), to: sunday(last - 1), items: [] });
      weeks.push({ from: monday(week), to: sunday(week), items: (own = []) });
      last = week;
    }
    own.push(item);
  }
  for (const week of weeks) week.items = oldestFirst(week.items);
  return weeks.slice(0, most);
}

/** The share of `items` that touch `area`, from 0 to 1. */
export function share(items: readonly Told[], area: Area): number {
  return portion(items, (item) => item.areas.includes(area));
}

/** Of the reflections that touch either of the two, the share that touch both: 1 is "always together". */
export function closeness(items: readonly Told[], [one, other]: readonly [Area, Area]): number {
  const either = items.filter((item) => item.areas.includes(one) || item.areas.includes(other));
  return portion(either, (item) => item.areas.includes(one) && item.areas.includes(other));
}

/** The mixes of areas that came up, the most frequent first. */
export function mixes(items: readonly Told[]): Area[][] {
  const seen = new Map<string, { areas: Area[]; times: number }>();
  for (const { areas } of items) {
    const key = areas.toSorted().join();
    const mix = seen.get(key) ?? { areas: [...areas], times: 0 };
    seen.set(key, { ...mix, times: mix.times + 1 });
  }
  return [...seen.values()].toSorted((a, b) => b.times - a.times).map((mix) => mix.areas);
}

/** What was noticed, in the order in which it was, each once. */
export function noticingsOf(items: readonly Told[]): Noticing[] {
  return [...new Set(items.flatMap((item) => item.noticing ?? []))];
}

function portion(items: readonly Told[], is: (item: Told) => boolean): number {
  return items.length === 0 ? 0 : items.filter(is).length / items.length;
}

function oldestFirst<T extends Told>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => a.written_at.localeCompare(b.written_at));
}

function monday(week: number): Date {
  return dayOf(week * 7 - 3);
}

function sunday(week: number): Date {
  return dayOf(week * 7 + 3);
}

/** The inverse of `dayNumber`: that day at noon, in the phone's own calendar. */
function dayOf(number: number): Date {
  const utc = new Date(number * 86_400_000);
  return new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), 12);
}

/** How far through its week a reflection was written: 0 on Monday morning, nearly 1 on Sunday night. */
export function throughTheWeek(written: Date): number {
  const day = dayNumber(written) + 3 - weekNumber(written) * 7;
  return (day + written.getHours() / 24) / 7;
}
