import { expect, it } from 'vitest';
import { listOf, t } from '.';
import { en } from './en';

it('fills in names and writes numbers the locale’s way', () => {
  expect(t('shell.time.minutes', { count: 1 })).toBe('1 minute ago');
  expect(t('shell.time.minutes', { count: 1234 })).toBe('1,234 minutes ago');
});

it('says loudly while developing when a value is missing', () => {
  expect(() => t('shell.time.weekday')).toThrow('{day}');
});

it('joins names in one breath', () => {
  expect(listOf(['Ana', 'Björn', 'Chidi'])).toBe('Ana, Björn and Chidi');
});

it('keeps every key in the catalogue of its own feature, once', () => {
  const files = import.meta.glob<{ default: object }>('./en/*.json', { eager: true });
  const keys = Object.values(files).flatMap((file) => Object.keys(file.default));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.toSorted()).toEqual(Object.keys(en).toSorted());
});
