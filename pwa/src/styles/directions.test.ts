// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..');

/** What says left or right where a language that is read from right to left needs the other. */
const ONE_SIDED = [
  /(?:^|[;{\s])(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b/,
  /(?:^|[;{\s])(?:left|right)\s*:/,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)\b/,
  /border-(?:top|bottom)-(?:left|right)-radius/,
  // Four values of which the second and the fourth differ.
  /(?:margin|padding|inset|border-radius)\s*:\s*(\S+) (\S+) (\S+) (?!\2[;\s])[^\s;]+;/,
];

/** Turned round as a picture is, for one direction only. */
const TURNED = /([^{}]*)\{[^{}]*scaleX\(-1\)[^{}]*\}/g;

function wrong(css: string): string[] {
  const lines = css.split('\n').filter((line) => ONE_SIDED.some((rule) => rule.test(line)));
  const always = [...css.matchAll(TURNED)].filter(([, where]) => !where!.includes(':dir('));
  return [...lines, ...always.map(([, where]) => where!)].map((line) => line.trim());
}

function stylesIn(file: string): string {
  const text = readFileSync(join(SRC, file), 'utf8');
  if (file.endsWith('.css')) return text;
  return [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, css]) => css).join('\n');
}

it('says start and end, never left and right', () => {
  const files = readdirSync(SRC, { recursive: true }).map(String);
  const styled = files.filter((file) => /\.(svelte|css)$/.test(file));
  expect(styled.length).toBeGreaterThan(50);
  expect(styled.flatMap((file) => wrong(stylesIn(file)).map((line) => `${file}: ${line}`))).toEqual(
    [],
  );
});

it.each([
  'a { margin-left: 1px; }',
  'a {\n  left: 0;\n}',
  'a { text-align: right; }',
  'a { padding: 1px 2px 1px 3px; }',
  'a { border-top-left-radius: 1px; }',
  'svg { transform: scaleX(-1); }',
])('sees %s', (css) => expect(wrong(css)).toHaveLength(1));

it.each([
  'a { margin-inline-start: 1px; }',
  'a { padding: 1px 2px 1px 2px; }',
  'svg:dir(rtl) { transform: scaleX(-1); }',
  'a { text-align: start; padding: var(--left) env(safe-area-inset-left); }',
])('lets %s be', (css) => expect(wrong(css)).toEqual([]));
