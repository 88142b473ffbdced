// @vitest-environment node
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { first } from './i18n/en';
import { later } from './i18n/en/later';

/** Which feature's catalogue holds a key; the empty string for those that come with the app. */
const featureOf = new Map<string, string>(Object.keys(first).map((key) => [key, '']));
for (const [feature, load] of Object.entries(later)) {
  for (const key of Object.keys((await load()).default)) featureOf.set(key, feature);
}

const root = import.meta.dirname;
const read = (path: string) => readFileSync(path, 'utf8');
const STATIC = /(?:from|import)\s+'(\.[^']+)'/g;
const DYNAMIC = /import\('(\.[^']+)'\)/g;

function resolve(from: string, to: string): string | null {
  const path = join(dirname(from), to);
  for (const candidate of [path, `${path}.ts`, `${path}/index.ts`]) {
    if (/\.(ts|svelte)$/.test(candidate)) {
      try {
        read(candidate);
        return candidate;
      } catch {
        // Not this one.
      }
    }
  }
  return null;
}

/** Everything that is loaded with a file. What it fetches later counts too, unless it learns the words itself. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || file.includes('/i18n/') || /\/(routes|screens)\.ts$/.test(file))
    return seen;
  seen.add(file);
  const code = read(file);
  const paths = [...code.matchAll(STATIC)];
  // start-screen.ts only fetches ahead of its turn what routes.ts loads with its words.
  const isAhead = file.endsWith('src/start-screen.ts');
  if (!isAhead && !code.includes('learn(')) paths.push(...code.matchAll(DYNAMIC));
  for (const [, path] of paths) {
    const next = resolve(file, path!);
    if (next) loadedWith(next, seen);
  }
  return seen;
}

/** The features whose words a file says: whole keys, and keys built from a beginning. */
function featuresSaidIn(code: string): string[] {
  const whole = [...code.matchAll(/['`]([a-z][\w-]*\.[\w.-]+)['`]/g)].map(([, key]) => key!);
  const begun = [...code.matchAll(/`([a-z][\w-]*\.[\w.-]*)\$\{/g)].flatMap(([, start]) =>
    [...featureOf.keys()].filter((key) => key.startsWith(start!)),
  );
  return [...whole, ...begun].map((key) => featureOf.get(key) ?? '').filter(Boolean);
}

/** The screens as screens.ts names them: file, and the features it learns. */
const screens = [
  ...read(join(root, 'screens.ts')).matchAll(
    /later\(\s*\(\) => import\('\.\/([^']+)'\),?([^)]*)\)/g,
  ),
].map(([, file, words]) => ({
  file: file!,
  learns: [...words!.matchAll(/'(\w+)'/g)].map(([, feature]) => feature!),
}));

describe('a screen is loaded with its words', () => {
  it('and all of them were found', () => {
    expect(screens.length).toBeGreaterThan(10);
  });

  it.each(screens)('$file', ({ file, learns }) => {
    const said = [...loadedWith(join(root, file))].flatMap((path) => featuresSaidIn(read(path)));
    expect(learns.toSorted()).toEqual([...new Set(said)].toSorted());
  });

  it('and the app itself with its own', () => {
    const said = [
      ...loadedWith(join(root, 'main.ts')),
      ...loadedWith(join(root, 'features/today/Today.svelte')),
    ];
    expect(said.flatMap((path) => featuresSaidIn(read(path)))).toEqual([]);
  });
});

it('says every sentence of the catalogues somewhere', () => {
  const files = import.meta.glob<string>(['./**/*.{ts,svelte}', '!./**/*.test.ts'], {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const code = Object.values(files).join('\n');
  const begun = [...code.matchAll(/`([a-z][\w-]*\.[\w.-]*)\$\{/g)].map(([, start]) => start!);
  const asStands = [...code.matchAll(/\bstands\(\s*'([\w.-]+)'/g)].map(([, start]) => `${start}.`);
  const ended = [...code.matchAll(/`\$\{\w+\}(\.[\w.-]+)`/g)].map(([, end]) => end!);
  const isNamed = (key: string) => code.includes(`'${key}'`) || code.includes(`"${key}"`);
  const unsaid = [...featureOf.keys()].filter(
    (key) =>
      !isNamed(key) &&
      ![...begun, ...asStands].some((start) => key.startsWith(start)) &&
      !ended.some((end) => key.endsWith(end) && isNamed(key.slice(0, -end.length))),
  );
  expect(unsaid).toEqual([]);
});
