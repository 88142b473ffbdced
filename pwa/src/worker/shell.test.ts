import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheName, fileFor, forgetOlderShells, keepShell, type Shell } from './shell';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const PAGE = '<!doctype html>';
const shell: Shell = {
  version: 'b',
  files: { '/': hashOf(PAGE), '/assets/app-1.js': hashOf('app') },
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

/** Just enough of Cache Storage. */
class FakeCaches {
  all = new Map<string, Map<string, Response>>();
  open = async (name: string) => {
    const files = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, files);
    return { put: async (path: string, file: Response) => void files.set(path, file) };
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
