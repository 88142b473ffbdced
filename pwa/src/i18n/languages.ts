/**
 * The languages that the phone speaks. English comes with the app, and is what is said where another has no
 * sentence; each other is one file, fetched for who chose it (a folder beside `en`, and a line here).
 */
import { ENGLISH } from './spoken.svelte';

export interface Language {
  /** As those who speak it call it. */
  name: string;
  /** What `Intl` formats with, and what the page says that it is written in. */
  locale: string;
  isRightToLeft?: boolean;
  words?: () => Promise<{ default: Catalogue }>;
}

/** A language that is spoken: its words are here. English stands behind them. */
export interface Spoken extends Omit<Language, 'words'> {
  said?: Catalogue;
}

/** A message is a sentence with `{names}`, or one sentence per plural form, picked by `{count}`. */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<string, Message>;

export const LANGUAGES: Record<string, Language> = {
  en: ENGLISH,
};
