import { expect, it } from 'vitest';
import { learn, listOf, t, type Feature } from '.';
import { anyOf } from './any-of';
import { first } from './en';
import { later } from './en/later';
import choices from './en/choices.json';
import difference from './en/difference.json';
import erasing from './en/erasing.json';
import help from './en/help.json';
import kept from './en/kept.json';
import numbers from './en/numbers.json';
import signIn from './en/sign-in.json';
import times from './en/times.json';
import titles from './en/titles.json';
import whoWaits from './en/who-waits.json';
import './times';

it('fills in names and writes numbers the locale’s way', () => {
  expect(t('times.minutes', { count: 1 })).toBe('1 minute ago');
  expect(t('times.minutes', { count: 1234 })).toBe('1,234 minutes ago');
});

it('says loudly while developing when a value is missing', () => {
  expect(() => t('times.weekday')).toThrow('{day}');
});

it('joins names in one breath', () => {
  expect(listOf(['Ana', 'Björn', 'Chidi'])).toBe('Ana, Björn and Chidi');
  expect(anyOf(['Ana', 'Björn', 'Chidi'])).toBe('Ana, Björn or Chidi');
});

it('knows every catalogue file, and every key once', async () => {
  const files = import.meta.glob<{ default: object }>('./en/*.json', { eager: true });
  const written = Object.values(files).flatMap((file) => Object.keys(file.default));
  const loaded = await Promise.all(
    Object.values(later).map(async (load) => (await load()).default),
  );
  const apart = [
    choices,
    difference,
    erasing,
    help,
    kept,
    numbers,
    signIn,
    times,
    titles,
    whoWaits,
  ];
  const known = [first, ...apart, ...loaded].flatMap((words) => Object.keys(words));
  expect(new Set(written).size).toBe(written.length);
  expect(known.toSorted()).toEqual(written.toSorted());
});

it('learns a feature’s words with its screens', async () => {
  await learn(Object.keys(later) as Feature[]);
  expect(t('install.offer.not-now')).toBe('Not now');
});
