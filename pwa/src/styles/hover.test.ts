// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const HOME = join(import.meta.dirname, '..');

/** The selectors with a hover that a touch screen would keep after the finger has gone. */
function sticking(css: string): string[] {
  const rests = css.replaceAll(
    /@media[^{]*\(hover: hover\)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g,
    '',
  );
  return [...rests.matchAll(/[^\s{};,]*:hover[^{},]*/g)].map(([found]) => found.trim());
}

it('no screen has a hover that sticks', () => {
  const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' });
  const looks = files.filter((file) => /\.(svelte|css)$/.test(file));
  const found = looks.flatMap((file) =>
    sticking(readFileSync(join(HOME, file), 'utf8')).map((selector) => `${file}: ${selector}`),
  );
  expect(found).toEqual([]);
});

it('would see one', () => {
  const css = '@media (hover: hover) { a:hover { color: red; } b { top: 0 } } i:hover { top: 0 }';
  expect(sticking(css)).toEqual(['i:hover']);
});
