// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shown } from './states';

/** Shown as part of another piece. */
const INSIDE = ['Labelled.svelte'];

it('makes a state look so without a finger', () => {
  expect(shown('.chip:has(:focus-visible)')).toBe(
    '.chip:has(:is(:focus-visible, .shows-focus-visible :is(a, button, input, textarea, select)))',
  );
  expect(shown('a:hover > b, i')).toBe(
    'a:is(:hover, .shows-hover :is(a, button, input, textarea, select)) > b, i',
  );
});

it('has every piece on the page', () => {
  const page = readFileSync(join(import.meta.dirname, 'Pieces.svelte'), 'utf8');
  const pieces = readdirSync(join(import.meta.dirname, '../ui')).filter((name) =>
    name.endsWith('.svelte'),
  );
  const missing = pieces.filter((name) => !page.includes(`'../ui/${name}'`));
  expect(missing).toEqual(INSIDE);
});
