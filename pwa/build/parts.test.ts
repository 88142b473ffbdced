// @vitest-environment node
import { expect, it } from 'vitest';
import { languageOf, laterPartOf, partOfFile } from './parts.ts';

it.each([
  ['/app/src/features/reflections/Reflection.svelte', null],
  ['/app/src/features/feedback/Ask.svelte', 'feedback'],
  ['/app/src/features/pulse/Felt.svelte?svelte&type=style&lang.css', 'contract'],
  ['/app/src/features/gatherings/Gathering.svelte', 'gatherings'],
  ['/app/src/i18n/en/gatherings.json', 'gatherings'],
  ['/app/src/i18n/en/contract.json', 'contract'],
  ['/app/src/i18n/en/feedback.json', 'feedback'],
  ['/app/src/i18n/en/feedback-lines.json', null],
  ['/app/src/ui/Button.svelte', null],
])('%s belongs to %s', (id, part) => {
  expect(laterPartOf(id)).toBe(part);
});

it.each([
  ['/assets/gatherings-C5QPE-oR.js', 'gatherings'],
  ['/assets/rolldown-runtime-DK3Fl9T5.js', null],
  ['/', null],
  ['/icons/badge.svg', null],
])('the file %s belongs to %s', (path, part) => {
  expect(partOfFile(path)).toBe(part);
});

it.each([
  ['/app/src/i18n/cy/today.json', 'language-cy'],
  ['/app/src/i18n/cy/index.ts', 'language-cy'],
  ['/app/src/i18n/en/today.json', null],
  ['/app/src/i18n/languages.ts', null],
])('%s is in the file %s', (id, file) => {
  expect(languageOf(id)).toBe(file);
});
