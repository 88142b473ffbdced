// @vitest-environment node
import { expect, it } from 'vitest';
import { laterPartOf, partOfFile } from './parts.ts';

it.each([
  ['/app/src/features/reflections/Reflection.svelte', null],
  ['/app/src/features/feedback/Ask.svelte', 'feedback'],
  ['/app/src/features/pulse/Felt.svelte?svelte&type=style&lang.css', 'contract'],
  ['/app/src/features/gatherings/Gathering.svelte', 'gatherings'],
  ['/app/src/i18n/en/gatherings.json', 'gatherings'],
  ['/app/src/i18n/en/contract.json', 'contract'],
  ['/app/src/i18n/en/feedback.json', null],
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
