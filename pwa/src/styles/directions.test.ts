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
];

/** One value for each side, or for each corner, beginning at the top: those that face each other have to be alike. */
const FOUR = /(?:^|[;{\s])(margin|padding|inset|border-radius)\s*:([^;]+);/g;
const FACING = {
  sides: [[1, 3]],
  corners: [
    [0, 1],
    [2, 3],
  ],
};

function isLopsided(property: string, value: string): boolean {
  const parts = value.trim().match(/(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  const facing = property === 'border-radius' ? FACING.corners : FACING.sides;
  return parts.length === 4 && facing.some(([one, other]) => parts[one!] !== parts[other!]);
}

/** Turned round as a picture is, for one direction only. */
const TURNED = /([^{}]*)\{[^{}]*scaleX\(-1\)[^{}]*\}/g;

function wrong(css: string): string[] {
  const lines = css.split('\n').filter((line) => ONE_SIDED.some((rule) => rule.test(line)));
  const always = [...css.matchAll(TURNED)].filter(([, where]) => !where!.includes(':dir('));
  const lopsided = [...css.matchAll(FOUR)].filter(([, property, value]) =>
    isLopsided(property!, value!),
  );
  return [...lines, ...always.map(([, where]) => where!), ...lopsided.map(([line]) => line)].map(
    (line) => line.trim(),
  );
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
  'a { padding: 1px 2px max(1px, env(x)); border-radius: 1px 1px 0 0; }',
  'svg:dir(rtl) { transform: scaleX(-1); }',
  'a { text-align: start; padding: var(--left) env(safe-area-inset-left); }',
])('lets %s be', (css) => expect(wrong(css)).toEqual([]));
