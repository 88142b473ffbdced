// @vitest-environment node
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cacheName,
  fileFor,
  forgetOlderShells,
  keepPart,
  keepParts,
  keepShell,
  partOf,
  type Shell,
} from './shell';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const PAGE = '<!doctype html>';
const shell: Shell = {
  version: 'b',
  files: { '/': hashOf(PAGE), '/assets/app-1.js': hashOf('app') },
  later: {},
};

describe('what the worker answers', () => {
  const origin = 'https://alongside.example';
  it.each([
    ['/', 'navigate', '/'],
    ['/cohort/7?after=x', 'navigate', '/'],
    ['/assets/app-1.js', 'cors', '/assets/app-1.js'],
    ['/api/reflections', 'cors', null],
    ['/api/docs', 'navigate', null],
    ['/api', 'navigate', null],
    ['/apiary', 'navigate', '/'],
    ['/assets/gone-2.js', 'cors', null],
    ['/icons/icon-192.png', 'navigate', null],
    ['https://elsewhere.example/', 'navigate', null],
  ])('%s (%s) → %s', (path, mode, file) => {
    const url = new URL(path, origin).href;
    expect(fileFor({ method: 'GET', mode: mode as RequestMode, url }, origin, shell)).toBe(file);
  });

  it('leaves everything that is not a reading to the network', () => {
    const request = { method: 'POST', mode: 'navigate' as const, url: `${origin}/` };
    expect(fileFor(request, origin, shell)).toBeNull();
  });
});

const KEPT = 'https://alongside.example';

/** Just enough of Cache Storage. */
class FakeCaches {
  all = new Map<string, Map<string, Response>>();
  open = async (name: string) => {
    const files = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, files);
    return {
      put: async (path: string, file: Response) => void files.set(path, file),
      match: async (path: string) => files.get(path)?.clone(),
      keys: async () => [...files.keys()].map((path) => ({ url: KEPT + path })),
    };
  };
  match = async (path: string) =>
    [...this.all.values()]
      .map((files) => files.get(path))
      .find(Boolean)
      ?.clone();
  delete = async (name: string) => this.all.delete(name);
  keys = async () => [...this.all.keys()];
}

describe('keeping the shell', () => {
  let caches: FakeCaches;
  let served: Record<string, string>;
  let fetched: [string, RequestInit][];

  beforeEach(() => {
    caches = new FakeCaches();
    served = { '/': PAGE, '/assets/app-1.js': 'app' };
    fetched = [];
    vi.stubGlobal('caches', caches);
    vi.stubGlobal('fetch', async (path: string, how: RequestInit) => {
      fetched.push([path, how]);
      return new Response(served[path], { headers: { 'Content-Encoding': 'br', 'X-Kept': 'yes' } });
    });
  });

  afterEach(() => vi.unstubAllGlobals());

  it('keeps every file, asking anew for those whose name never changes', async () => {
    await keepShell(shell);
    const kept = caches.all.get(cacheName(shell))!;
    expect(await kept.get('/')!.text()).toBe(PAGE);
    expect(kept.get('/')!.headers.get('X-Kept')).toBe('yes');
    expect(kept.get('/')!.headers.has('Content-Encoding')).toBe(false);
    expect(fetched).toEqual([
      ['/', { cache: 'no-cache' }],
      ['/assets/app-1.js', { cache: 'default' }],
    ]);
  });

  it('takes what did not change from the version before', async () => {
    const older = await caches.open('alongside-shell-a');
    await older.put('/assets/app-1.js', new Response('app'));
    await older.put('/', new Response('an older page'));
    await keepShell(shell);
    expect(fetched.map(([path]) => path)).toEqual(['/']);
  });

  it.each([
    ['a captive portal’s page', { '/': '<h1>Welcome to Ward 7 Wi-Fi</h1>' }],
    ['a file of another version', { '/assets/app-1.js': 'app, but later' }],
  ])('keeps nothing when one file is %s', async (_what, wrong) => {
    Object.assign(served, wrong);
    await expect(keepShell(shell)).rejects.toThrow('is not the file');
    expect(await caches.keys()).toEqual([]);
  });

  it('forgets older shells and nothing else', async () => {
    for (const name of ['alongside-shell-a', cacheName(shell), 'somebody-elses'])
      await caches.open(name);
    await forgetOlderShells(shell);
    expect(await caches.keys()).toEqual([cacheName(shell), 'somebody-elses']);
  });
});

describe('parts that come later', () => {
  let caches: FakeCaches;
  let served: Record<string, string>;
  let asked: string[];

  /** A version whose page and parts hold `words`; its files are served from here on. */
  function version(name: string, parts: Record<string, string>): Shell {
    const files: [string, string][] = [['/', `page ${name}`]];
    const later: Shell['later'] = {};
    for (const [part, words] of Object.entries(parts)) {
      later[part] = ['js', 'css'].map(
        (end) => `/assets/${part}-${hashOf(words).slice(0, 8)}.${end}`,
      );
      files.push(...later[part].map((path): [string, string] => [path, words]));
    }
    served = Object.fromEntries(files);
    const hashes = files.map(([path, words]) => [path, hashOf(words)]);
    return { version: name, files: Object.fromEntries(hashes), later };
  }

  const kept = (shell: Shell) =>
    [...(caches.all.get(cacheName(shell))?.keys() ?? [])].filter((path) => path !== '/.shell');

  const everything = (shell: Shell) => Object.keys(shell.files).toSorted();

  beforeEach(() => {
    caches = new FakeCaches();
    asked = [];
    vi.stubGlobal('caches', caches);
    vi.stubGlobal('fetch', async (path: string) => {
      asked.push(path);
      if (!(path in served)) throw new TypeError('Failed to fetch');
      return new Response(served[path]);
    });
  });

  afterEach(() => vi.unstubAllGlobals());

  it('are not waited for on the first visit', async () => {
    const first = version('a', { contract: 'c', feedback: 'f' });
    await keepShell(first);
    expect(kept(first)).toEqual(['/']);
    expect(partOf(first, first.later.contract![0]!)).toBe('contract');
    expect(partOf(first, '/')).toBeNull();
  });

  it('are kept whole, once, and one after the other', async () => {
    const first = version('a', { contract: 'c', feedback: 'f' });
    await keepShell(first);
    await Promise.all([keepPart(first, 'feedback'), keepPart(first, 'feedback')]);
    expect(asked).toEqual(['/', ...first.later.feedback!]);
    await keepParts(first, ['another', 'index']);
    expect(asked).toHaveLength(3);
    await keepParts(first, 'all');
    expect(asked).toEqual(['/', ...first.later.feedback!, ...first.later.contract!]);
    expect(kept(first).toSorted()).toEqual(everything(first));
  });

  it('are all kept but languages, which are for who speaks them', async () => {
    const first = version('a', { contract: 'c', 'language-cy': 'cy', 'language-gd': 'gd' });
    await keepShell(first);
    await keepParts(first, 'all');
    await keepPart(first, 'language-cy');
    const next = version('b', { activity: 'a', 'language-cy': 'cy', 'language-gd': 'gd' });
    await keepShell(next);
    const ours = [...next.later.activity!, ...next.later['language-cy']!];
    expect(kept(next).toSorted()).toEqual(['/', ...ours].toSorted());
  });

  it('keep nothing of a part when one of its files is not the right one', async () => {
    const first = version('a', { contract: 'c' });
    await keepShell(first);
    served[first.later.contract![1]!] = 'Welcome to Ward 7 Wi-Fi';
    await expect(keepPart(first, 'contract')).rejects.toThrow('is not the file');
    expect(kept(first)).toEqual(['/']);
    served[first.later.contract![1]!] = 'c';
    await keepPart(first, 'contract');
    expect(kept(first).toSorted()).toEqual(everything(first));
  });

  it('that were fetched belong to the next version, and the others do not', async () => {
    const first = version('a', { contract: 'c', feedback: 'f', pulse: 'p' });
    await keepShell(first);
    await keepParts(first, ['contract', 'feedback']);
    const next = version('b', { contract: 'c', feedback: 'f, but later', pulse: 'p', web: 'w' });
    asked = [];
    await keepShell(next);
    expect(kept(next).toSorted()).toEqual(
      ['/', ...next.later.contract!, ...next.later.feedback!].toSorted(),
    );
    expect(asked.toSorted()).toEqual(['/', ...next.later.feedback!].toSorted());
  });

  it('keep the older version when one that was fetched cannot be had anew', async () => {
    const first = version('a', { contract: 'c' });
    await keepShell(first);
    await keepParts(first, 'all');
    const next = version('b', { contract: 'c, but later' });
    delete served[next.later.contract![0]!];
    await expect(keepShell(next)).rejects.toThrow('Failed to fetch');
    expect(await caches.keys()).toEqual([cacheName(first)]);
  });

  it.each([
    ['held all of them', async (shell: Shell) => keepParts(shell, 'all')],
    [
      'was made before there were parts',
      async (shell: Shell) => void caches.all.get(cacheName(shell))!.delete('/.shell'),
    ],
  ])('are all there, also under new names, where the version before %s', async (_what, make) => {
    const first = version('a', { together: 't' });
    await keepShell(first);
    await make(first);
    const next = version('b', { contract: 'c', feedback: 'f' });
    await keepShell(next);
    expect(kept(next).toSorted()).toEqual(everything(next));
  });

  it('do not come with a version whose predecessor was never whole', async () => {
    const first = version('a', { contract: 'c' });
    delete served['/'];
    const half = await caches.open(cacheName(first));
    await half.put('/.shell', new Response(JSON.stringify(first)));
    const next = version('b', { contract: 'c' });
    await keepShell(next);
    expect(kept(next)).toEqual(['/']);
  });
});
