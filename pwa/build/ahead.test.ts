// @vitest-environment node
import type { Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { neededByAll, typefacesIn } from './ahead.ts';

function bundleOf(imports: Record<string, string[]>): Rolldown.OutputBundle {
  const chunks = Object.entries(imports).map(([name, some]) => [
    `assets/${name}.js`,
    {
      type: 'chunk',
      name,
      fileName: `assets/${name}.js`,
      isEntry: name === 'index',
      imports: some.map((one) => `assets/${one}.js`),
    },
  ]);
  return Object.fromEntries(chunks) as Rolldown.OutputBundle;
}

it('names what both first screens begin with, and neither the first file nor what one of them alone needs', () => {
  const bundle = bundleOf({
    index: [],
    runtime: [],
    door: ['index', 'runtime'],
    today: ['index', 'runtime', 'words'],
    words: [],
  });
  expect(neededByAll(bundle, ['today', 'door'])).toEqual(['assets/runtime.js']);
});

it('stops a build in which a first screen is called otherwise', () => {
  expect(() => neededByAll(bundleOf({ index: [] }), ['today'])).toThrow(
    'no script is called today',
  );
});

it('names no typeface that comes later', () => {
  const bundle = { 'assets/figtree-WSjG7bNP.woff2': {}, 'assets/literata-8jG7bNPx.woff2': {} };
  expect(typefacesIn(bundle as unknown as Rolldown.OutputBundle)).toEqual([
    'assets/figtree-WSjG7bNP.woff2',
  ]);
});
