import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flushSync } from 'svelte';
import { listOf, locale, t } from '.';
import { anyOf } from './any-of';
import { LANGUAGES, type Catalogue, type Message } from './languages';
import { watched } from '../testing/watched.svelte';
import { speak, wished } from './speaking';
import { exactTime } from './times';

type Files = Record<string, { default: Catalogue }>;
const english = sentencesIn(import.meta.glob('./en/*.json', { eager: true }) as Files);

function sentencesIn(files: Files): Catalogue {
  return Object.assign({}, ...Object.values(files).map((file) => file.default)) as Catalogue;
}

const namesIn = (message: Message) =>
  [...new Set(JSON.stringify(message).match(/\{\w+\}/g))].toSorted();

/** What of English a language does not say, or says without a name or a plural form that it needs. */
function lacks(words: Catalogue, code: string): string[] {
  const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  return Object.entries(english).flatMap(([key, message]) => {
    const said = words[key];
    if (said === undefined) return [key];
    const missing = typeof said === 'string' ? [] : forms.filter((form) => !(form in said));
    const isCounted = typeof message !== 'string';
    // "One person" may do without the number.
    const isSame = isCounted || String(namesIn(said)) === String(namesIn(message));
    return [...missing.map((form) => `${key}: ${form}`), ...(isSame ? [] : [`${key}: its names`])];
  });
}

const others = Object.entries(LANGUAGES).filter(([code]) => code !== 'en');

it('English says all of it', () => {
  expect(lacks(english, 'en')).toEqual([]);
});

it.each(others)('%s says all that English says, and nothing else', async (code, { words }) => {
  const said = (await words!()).default;
  expect(lacks(said, code)).toEqual([]);
  expect(Object.keys(said).filter((key) => !(key in english))).toEqual([]);
});

it('sees what is missing', () => {
  const { 'shell.tab.me': _gone, ...rest } = english;
  const words = {
    ...rest,
    'times.weekday': 'ddydd',
    'times.minutes': { other: '{count} munud yn ôl' },
  };
  expect(lacks(words, 'en').toSorted()).toEqual([
    'shell.tab.me',
    'times.minutes: one',
    'times.weekday: its names',
  ]);
});

describe('another language', () => {
  let isHere: () => void;
  const words = {
    'times.minutes': { two: '{count} funud yn ôl', other: '{count} munud yn ôl' },
    'times.now': 'newydd',
  };

  beforeEach(() => {
    LANGUAGES.cy = {
      name: 'Cymraeg',
      locale: 'cy-GB',
      words: () => new Promise((done) => (isHere = () => done({ default: words }))),
    };
    LANGUAGES.xb = {
      name: 'bX',
      locale: 'ar-XB',
      isRightToLeft: true,
      words: async () => ({ default: {} }),
    };
    LANGUAGES.xx = { name: 'X', locale: 'en-XA', words: () => Promise.reject(new Error('away')) };
  });

  afterEach(async () => {
    await speak('en');
    for (const code of ['cy', 'xb', 'xx']) delete LANGUAGES[code];
  });

  it('is spoken when its words are here, with its own plurals and dates, and English where it has no sentence', async () => {
    const speaking = speak('cy');
    expect(t('times.now')).toBe('just now');
    isHere();
    await speaking;
    expect(t('times.now')).toBe('newydd');
    expect(t('times.minutes', { count: 2 })).toBe('2 funud yn ôl');
    expect(t('times.minutes', { count: 7 })).toBe('7 munud yn ôl');
    expect(t('shell.tab.me')).toBe('Me');
    expect(listOf(['Ana', 'Björn'])).toBe('Ana a(c) Björn');
    expect(exactTime('2026-11-22T14:05:00')).toContain('Tachwedd');
    expect(document.documentElement.lang).toBe('cy-GB');
  });

  it('is said anew by what is on the screen, without losing anything there', async () => {
    let said = '';
    const stop = watched(() => void (said = t('times.now')));
    expect(said).toBe('just now');
    const speaking = speak('cy');
    isHere();
    await speaking;
    flushSync();
    expect(said).toBe('newydd');
    stop();
  });

  it('is the one that was chosen last, whichever comes last', async () => {
    const slow = speak('cy');
    await speak('en');
    isHere();
    await slow;
    expect(locale()).toBe('en-GB');
  });

  it('is not spoken where it cannot be had or nobody speaks it any more', async () => {
    await speak('xx');
    expect(locale()).toBe('en-GB');
    await speak('tlh');
    expect(t('times.now')).toBe('just now');
  });

  it('may be written from right to left', async () => {
    await speak('xb');
    expect(document.documentElement.dir).toBe('rtl');
    await speak('en');
    expect(document.documentElement.dir).toBe('ltr');
  });

  it('keeps people’s words apart from ours where it runs the other way', async () => {
    const by = (day: string) => t('times.weekday', { day });
    expect(by('Tuesday')).toBe('on Tuesday');
    await speak('xb');
    expect(by('Tuesday')).toBe('on \u2068Tuesday\u2069');
  });

  it.each(['أمينة', 'מרים', 'ނަޝީދު', '𞤀𞤥𞤭𞤲𞤢'])('keeps %s apart in English, too', (name) => {
    const apart = `\u2068${name}\u2069`;
    expect(t('times.weekday', { day: name })).toBe(`on ${apart}`);
    // A comma between two of them would have them change places.
    expect(listOf([name, 'Len', name])).toBe(`${apart}, Len and ${apart}`);
    expect(anyOf([name, 'Len'])).toBe(`${apart} or Len`);
  });

  it.each(['Gwenllian', 'Øyvind Ångström', '李娜', 'Amina ❤️'])('leaves %s as it is', (name) => {
    expect(t('times.weekday', { day: name })).toBe(`on ${name}`);
    expect(listOf([name])).toBe(name);
  });

  it('is the first that the browser wishes for and we speak', () => {
    const wishes = (...languages: string[]) =>
      Object.defineProperty(navigator, 'languages', { value: languages, configurable: true });
    wishes('fr-FR', 'cy-GB', 'en');
    expect(wished()).toBe('cy');
    wishes('fr');
    expect(wished()).toBe('en');
    wishes('en-GB', 'cy');
    expect(wished()).toBe('en');
  });
});
