// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Rolldown } from 'vite';
import { NOTICES, packagesIn, unnamed } from './notices.ts';

const PWA = join(import.meta.dirname, '..');
const text = readFileSync(join(PWA, 'public', NOTICES), 'utf8');
const words = (of: string) => of.replace(/\s+/g, ' ').trim();

function bundleOf(modules: Record<string, number>): Rolldown.OutputBundle {
  const rendered = Object.entries(modules).map(([id, renderedLength]) => [id, { renderedLength }]);
  return {
    'a.js': { type: 'chunk', modules: Object.fromEntries(rendered) },
    'a.css': { type: 'asset' },
  } as unknown as Rolldown.OutputBundle;
}

it('finds the packages that something in the scripts comes from', () => {
  const bundle = bundleOf({
    '/pwa/src/main.ts': 10,
    '/pwa/node_modules/svelte/src/a.js': 10,
    '/pwa/node_modules/svelte/src/b.js': 10,
    '/pwa/node_modules/@scope/one/index.js?x': 10,
    '/pwa/node_modules/outer/node_modules/inner/index.js': 10,
    '/pwa/node_modules/shaken-off/index.js': 0,
  });
  expect(packagesIn(bundle)).toEqual(['@scope/one', 'inner', 'svelte']);
});

it('tells which of them no heading names', () => {
  expect(unnamed(['svelte', 'svelte-more'], 'svelte-more\n== svelte (MIT)\n')).toEqual([
    'svelte-more',
  ]);
});

it('names all that the app depends on', () => {
  const { dependencies } = JSON.parse(readFileSync(join(PWA, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(unnamed([...Object.keys(dependencies), 'lucide-static'], text)).toEqual([]);
});

it.each([
  '@fontsource-variable/figtree/LICENSE',
  '@fontsource-variable/literata/LICENSE',
  'clsx/license',
  'diff/LICENSE',
  'idb/LICENSE',
  'lucide-static/LICENSE',
  'svelte/LICENSE.md',
])('holds %s word for word', (path) => {
  expect(words(text)).toContain(words(readFileSync(join(PWA, 'node_modules', path), 'utf8')));
});
