import { first, later, type Key } from './en';

/** A message is a sentence with `{names}`, or one sentence per plural form, picked by `{count}`. */
type Plural = { one?: string; two?: string; few?: string; many?: string; other: string };
type Message = string | Plural;

export type { Key };
/** A feature whose messages come with its screens. */
export type Feature = keyof typeof later;
export type Values = Record<string, string | number>;

/** What `Intl` formats with. The catalogue is British English, and so are its dates. */
export const locale = 'en-GB';

const catalogue: Record<string, Message> = { ...first };
// Made when they are first needed: on a slow phone the first of them costs more than a whole screen.
const pluralRules = once(() => new Intl.PluralRules(locale));
const numbers = once(() => new Intl.NumberFormat(locale));
const lists = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }));

/** Fetches the messages of features that do not come with the app; asking twice costs nothing. */
export async function learn(features: readonly Feature[]): Promise<void> {
  const words = await Promise.all(features.map((feature) => later[feature]()));
  for (const { default: messages } of words) know(messages);
}

/** Adds messages that came with the module that says them. */
export function know(messages: Record<string, Message>): void {
  Object.assign(catalogue, messages);
}

/** The sentence for `key`, its `{names}` filled in. Numbers are written the locale's way. */
export function t(key: Key, values: Values = {}): string {
  const message = catalogue[key];
  if (message === undefined) return key;
  return fill(typeof message === 'string' ? message : formFor(message, values.count), values);
}

/** "Ana, Björn and Chidi": names or things in one readable breath. */
export function listOf(things: Iterable<string>): string {
  return lists().format(things);
}

function formFor(plural: Plural, count: string | number | undefined): string {
  return plural[pluralRules().select(Number(count ?? 0)) as keyof Plural] ?? plural.other;
}

function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) {
      // A person should never meet a brace; a test or a developer should, loudly.
      if (import.meta.env.DEV) throw new Error(`"${sentence}" needs a value for ${whole}`);
      return '';
    }
    return typeof value === 'number' ? numbers().format(value) : value;
  });
}

/** Makes it when it is first wanted. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
