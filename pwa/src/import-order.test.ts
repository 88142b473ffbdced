/**
 * Who may import whom: the ground, the engine on it, then the features, which kinds of items they have, and over all what
 * puts them together. The worker knows of the features only their kinds.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, test } from 'vitest';

/** From the lowest on. Those of one floor may lean on each other, except for features that go in a circle. */
const FLOORS = [['api', 'core', 'i18n', 'ui'], ['store'], ['features'], ['kinds'], ['worker']];

type Arrow = [from: string, to: string];

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.[^'"]+)['"]/g;

/** What is imported by a file, also what is only fetched later, or is only a type. */
const arrowsOf = (path: string, source: string): Arrow[] =>
  [...source.matchAll(IMPORT)].map(([, to]) => [path, join(dirname(path), to!)]);

const partOf = (path: string): string => path.split('/')[0]!.replace(/\.ts$/, '');
const featureOf = (path: string): string | undefined => /^features\/([^/]+)\//.exec(path)?.[1];

/** What stands in none of these folders puts the app together: it is above all of them. */
function floorOf(path: string): number {
  const at = FLOORS.findIndex((floor) => floor.includes(partOf(path)));
  return at < 0 ? FLOORS.length : at;
}

function isUp([from, to]: Arrow): boolean {
  const isPast = partOf(from) === 'worker' && partOf(to) === 'features';
  return floorOf(to) > floorOf(from) || isPast;
}

const isKinds = (path: string): boolean => /^features\/[^/]+\/kinds(\.ts)?$/.test(path);

/** What a feature's kinds import besides the wire's shapes, the engine's types and each other: the worker loads all of it. */
const isTooMuch = ([from, to]: Arrow): boolean =>
  isKinds(from) && !isKinds(to) && !/^(api\/shapes|store\/(copies|items|kinds))$/.test(to);

/** Features that come back to themselves, by whichever way. */
function circlesIn(arrows: readonly Arrow[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) {
    const [one, other] = [featureOf(from), featureOf(`${to}/`)];
    if (!one || !other || one === other) continue;
    next.set(one, (next.get(one) ?? new Set()).add(other));
  }
  const comesBack = (start: string): boolean => {
    const seen = new Set<string>();
    const ahead = [...(next.get(start) ?? [])];
    for (let at = ahead.pop(); at; at = ahead.pop()) {
      if (at === start) return true;
      if (!seen.has(at)) ahead.push(...(next.get(at) ?? []));
      seen.add(at);
    }
    return false;
  };
  return [...next.keys()].filter(comesBack).toSorted();
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (path) =>
    /\.(ts|svelte)$/.test(path) && !path.endsWith('.test.ts') && !path.startsWith('testing/'),
);
const arrows = files.flatMap((path) => arrowsOf(path, readFileSync(`src/${path}`, 'utf8')));

test('no arrow runs up', () => {
  expect(arrows.length).toBeGreaterThan(500);
  expect(arrows.filter(isUp)).toEqual([]);
});

test('a feature’s kinds need no screen and no state', () => {
  expect(arrows.filter(([from]) => isKinds(from)).length).toBeGreaterThan(20);
  expect(arrows.filter(isTooMuch)).toEqual([]);
});

test('features do not go in circles', () => {
  expect(circlesIn(arrows)).toEqual([]);
});

test('what is shipped does not import what stands in for it in tests', () => {
  expect(arrows.filter(([, to]) => partOf(to) === 'testing')).toEqual([]);
});

test.each([
  ['store/outbox.ts', "import { x } from '../features/feedback/threads';"],
  ['store/outbox.ts', "import type { X } from '../features/feedback/threads';"],
  ['store/connection.svelte.ts', "await import('../worker/push');"],
  ['core/updates.svelte.ts', "export * from '../worker/push';"],
  ['store/outbox.ts', "import { KNOWN } from '../kinds';"],
  ['features/today/Today.svelte', "import { KNOWN } from '../../kinds';"],
  ['worker/sync.ts', "import { responses } from '../features/responses/kinds';"],
  ['core/idle.ts', "import { session } from '../store/session.svelte';"],
  ['features/today/Today.svelte', "import '../../routes';"],
  ['features/today/Today.svelte', "import { x } from '../../worker/push';"],
])('an arrow that runs up would be seen: %s, %s', (path, source) => {
  expect(arrowsOf(path, source).filter(isUp)).toHaveLength(1);
});

test('what the worker loads of the engine and the registry is no way up', () => {
  const source = "import { KNOWN } from '../kinds'; import { drain } from '../store/outbox';";
  expect(arrowsOf('worker/sw.ts', source).filter(isUp)).toEqual([]);
});

test.each([
  "import { proposals } from './proposals.svelte';",
  "import { session } from '../../store/session.svelte';",
  "import type { Session } from '../../store/session.svelte';",
])('a feature’s kinds that needed more would be seen: %s', (source) => {
  expect(arrowsOf('features/proposals/kinds.ts', source).filter(isTooMuch)).toHaveLength(1);
});

test('a circle would be seen, also a wide one', () => {
  const circle: Arrow[] = [
    ['features/cohorts/A.svelte', 'features/prompts/b'],
    ['features/prompts/b.ts', 'features/reflections/c'],
    ['features/reflections/c.ts', 'features/cohorts/A.svelte'],
    ['features/today/D.svelte', 'features/cohorts/A.svelte'],
  ];
  expect(circlesIn(circle)).toEqual(['cohorts', 'prompts', 'reflections']);
});
