import type { Area, Noticing, ReflectionOut } from '../../api/shapes';
import type { Steps } from '../../core/steps';
import { monthNamed } from './group-words';
import { folded, wordsOf } from '../../core/search';

/** What is looked for; nothing set means everything. */
export interface Wish {
  query: string;
  areas: readonly Area[];
  noticing: Noticing | null;
  /** me: nobody else sees it · shared: somebody does */
  seenBy: 'me' | 'shared' | null;
  /** As `monthOf` gives it. */
  month: string | null;
}

export const EVERYTHING: Wish = { query: '', areas: [], noticing: null, seenBy: null, month: null };

type Told = Pick<ReflectionOut, 'text' | 'areas' | 'noticing' | 'written_at' | 'audience'>;

/** One heading of the timeline and what stands under it. */
export interface Group<T> {
  /** today, yesterday, week, last_week, or a month as "2026-10". */
  when: string;
  items: T[];
}

const compared = new WeakMap<object, string>();

/** What tells whether something is looked for. */
export function wished(wish: Wish): (item: Told) => boolean {
  const { query, areas, noticing, seenBy, month } = wish;
  // The wish of a screen is watched, and each look at it would cost as much as the comparing.
  const wanted = [...areas];
  const words = wordsOf(query).map((word) => ({ word, isThen: thenOf(word) }));
  return (item) =>
    wanted.every((area) => item.areas.includes(area)) &&
    (!noticing || item.noticing === noticing) &&
    (!seenBy || (item.audience === 'me') === (seenBy === 'me')) &&
    (!month || monthOf(new Date(item.written_at)) === month) &&
    words.every(({ word, isThen }) => foldedTextOf(item).includes(word) || isThen?.(item));
}

/** Of the name of a month, and of a year: whether something was written then. Null: the word is neither. */
function thenOf(word: string): ((item: Told) => boolean) | null {
  const month = monthNamed(word);
  if (month !== null) return ({ written_at }) => new Date(written_at).getMonth() === month;
  if (!/^(?:19|20)\d\d$/.test(word)) return null;
  const year = Number(word);
  return ({ written_at }) => new Date(written_at).getFullYear() === year;
}

/** Folding years of texts at every letter typed would be felt; each is folded once. */
function foldedTextOf(item: Told): string {
  let text = compared.get(item);
  if (text === undefined) compared.set(item, (text = folded(item.text)));
  return text;
}

/** Finds what is looked for as one types: what follows from the last time is not looked for again. */
export class Finder<T extends Told> {
  #items: readonly T[] = [];
  #count = 0;
  #wish = EVERYTHING;
  #found: readonly T[] = [];

  /** @param count so many of the items are looked through */
  find(items: readonly T[], count: number, wish: Wish): readonly T[] {
    const isLooked = items === this.#items && count >= this.#count;
    const isIt = wished(wish);
    // What asks for more is found among what was found; what asks for the same, among what has come.
    if (isLooked && isNarrower(wish, this.#wish)) {
      const come = items.slice(this.#count, count).filter(isIt);
      const still = this.#found.filter(isIt);
      this.#found = come.length ? [...still, ...come] : still;
    } else this.#found = (count < items.length ? items.slice(0, count) : items).filter(isIt);
    this.#items = items;
    this.#count = Math.min(count, items.length);
    this.#wish = { ...wish, areas: [...wish.areas] };
    return this.#found;
  }
}

/** Whether all that it finds, the other one finds too. */
function isNarrower(wish: Wish, than: Wish): boolean {
  const words = wordsOf(wish.query);
  // What was written in May need not hold what "may" begins with.
  const follows = (part: string) => (word: string) =>
    word === part || (word.includes(part) && !thenOf(word));
  return (
    wordsOf(than.query).every((part) => words.some(follows(part))) &&
    than.areas.every((area) => wish.areas.includes(area)) &&
    (!than.noticing || than.noticing === wish.noticing) &&
    (!than.seenBy || than.seenBy === wish.seenBy) &&
    (!than.month || than.month === wish.month)
  );
}

/** Fold all of them beforehand, newest first; `tell` hears after how many of them there is a pause. */
export function* folding(items: readonly Told[], tell: (count: number) => void): Steps<void> {
  for (const [at, item] of items.entries()) {
    foldedTextOf(item);
    if (at % 50 === 49) {
      tell(at + 1);
      yield;
    }
  }
  tell(Infinity);
}

/** Newest first, under headings as one would say them. */
export function grouped<T extends Pick<Told, 'written_at'>>(
  items: readonly T[],
  now = new Date(),
): Group<T>[] {
  const groups: Group<T>[] = [];
  for (const item of items) {
    const when = groupOf(new Date(item.written_at), now);
    const last = groups[groups.length - 1];
    if (last?.when === when) last.items.push(item);
    else groups.push({ when, items: [item] });
  }
  return groups;
}

export function groupOf(written: Date, now: Date): string {
  const days = dayNumber(now) - dayNumber(written);
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  const weeks = weekNumber(now) - weekNumber(written);
  if (weeks === 0) return 'week';
  if (weeks === 1) return 'last_week';
  return monthOf(written);
}

/** "2026-10", in the phone's own calendar. */
export const monthOf = (date: Date): string =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;

/** The months in which something was written, newest first; `items` newest first. */
export function monthsOf(items: readonly Pick<Told, 'written_at'>[]): string[] {
  return [...new Set(items.map(({ written_at }) => monthOf(new Date(written_at))))];
}

/** What was written around this day in a year before: on the very day, else within three days of it; the nearest first. */
export function aYearAgo<T extends Pick<Told, 'written_at'>>(
  items: readonly T[],
  now = new Date(),
): { item: T; isToday: boolean } | null {
  const then = new Date(now.getFullYear() - 1, now.getMonth(), now.getDate(), 12);
  // Written times can be compared as they stand, of years of them only a few have to be read.
  const [from, to] = [-AROUND, AROUND].map((days) =>
    new Date(then.getTime() + days * 86_400_000).toISOString(),
  ) as [string, string];
  let best: { item: T; away: number } | null = null;
  for (const item of items) {
    if (item.written_at < from || item.written_at > to) continue;
    const away = Math.abs(dayNumber(new Date(item.written_at)) - dayNumber(then));
    if (away <= 3 && (!best || away < best.away)) best = { item, away };
  }
  return best && { item: best.item, isToday: best.away === 0 };
}

/** Days that hold three of any calendar's. */
const AROUND = 5;

/** Days in the phone's own calendar, counted so that the change of clocks does not matter. */
export function dayNumber(date: Date): number {
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** Weeks begin on Monday. 1 January 1970 was a Thursday. */
export function weekNumber(date: Date): number {
  return Math.floor((dayNumber(date) + 3) / 7);
}
