import { first, type Key } from './en';
import type { later } from './en/later';
import type { Catalogue, Message } from './languages';
import { spoken } from './spoken.svelte';

export type { Key };
/** A feature whose messages come with its screens. */
export type Feature = keyof typeof later;
export type Values = Record<string, string | number>;

const catalogue: Catalogue = { ...first };
// Made when they are first needed: on a slow phone the first of them costs more than a whole screen.
const pluralRules = perLanguage((locale) => new Intl.PluralRules(locale));
const numbers = perLanguage((locale) => new Intl.NumberFormat(locale));
const lists = perLanguage((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

/** Letters that are read from right to left. */
const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** What `Intl` formats with: dates and numbers are the language’s own. */
export const locale = (): string => spoken().locale;

/** Fetches the messages of features that do not come with the app; asking twice costs nothing. */
export async function learn(features: readonly Feature[]): Promise<void> {
  // Where they lie is not known in the first file: no first screen says any of them.
  const { later } = await import('./en/later');
  const words = await Promise.all(features.map((feature) => later[feature]()));
  for (const { default: messages } of words) know(messages);
}

/** Adds messages that came with the module that says them. */
export function know(messages: Catalogue): void {
  Object.assign(catalogue, messages);
}

/** The sentence for `key`, its `{names}` filled in. Numbers are written the locale's way. */
export function t(key: Key, values: Values = {}): string {
  const message = spoken().said?.[key] ?? catalogue[key];
  if (message === undefined) return key;
  return fill(typeof message === 'string' ? message : formFor(message, values.count), values);
}

/** "Ana, Björn and Chidi": names or things in one readable breath. */
export function listOf(things: Iterable<string>): string {
  return lists().format(Array.from(things, isolated));
}

/** Kept apart (U+2068, U+2069) from the sentence that it stands in, where they may run in two directions: neither turns the other round. */
export function isolated(words: string): string {
  const maySwerve = spoken().isRightToLeft || LEFTWARD.test(words);
  return maySwerve ? `\u2068${words}\u2069` : words;
}

function formFor(plural: Exclude<Message, string>, count: string | number | undefined): string {
  return plural[pluralRules().select(Number(count ?? 0))] ?? plural.other ?? '';
}

function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) {
      // A person should never meet a brace; a test or a developer should, loudly.
      if (import.meta.env.DEV) throw new Error(`"${sentence}" needs a value for ${whole}`);
      return '';
    }
    return typeof value === 'number' ? numbers().format(value) : isolated(value);
  });
}

/** Makes it when it is first wanted, and anew for another language. */
export function perLanguage<T>(make: (locale: string) => T): () => T {
  let made: T | undefined;
  let madeFor = '';
  return () => {
    const now = locale();
    if (made === undefined || madeFor !== now) made = make((madeFor = now));
    return made;
  };
}
