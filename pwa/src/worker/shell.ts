/**
 * The shell: the files the app is made of, kept in one cache per version so that it opens without
 * a network. Never anything personal: that lives in IndexedDB, where signing out can wipe it.
 */
import { isLanguage } from '../core/worker-messages';

export interface Shell {
  /** Changes when any file does. */
  version: string;
  /** Path → the first 16 hex digits of the file's SHA-256. */
  files: Record<string, string>;
  /** Parts that the first visit does not wait for (build/parts.ts): name → paths. All else is the core. */
  later: Record<string, string[]>;
}

/** The page that every screen's address is answered with. */
export const START_PAGE = '/';

const PREFIX = 'alongside-shell-';
/** Under this address, which nobody asks for, a cache holds the list of what belongs to its version. */
const LIST = '/.shell';

export function cacheName(shell: Shell): string {
  return PREFIX + shell.version;
}

type Request_ = Pick<Request, 'method' | 'mode' | 'url'>;

/** Which kept file answers a request; null leaves it to the network, untouched. */
export function fileFor(request: Request_, origin: string, shell: Shell): string | null {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return null;
  if (/^\/api(\/|$)/.test(url.pathname)) return null;
  if (url.pathname in shell.files) return url.pathname;
  const isFile = /\.\w+$/.test(url.pathname);
  return request.mode === 'navigate' && !isFile ? START_PAGE : null;
}

/**
 * Fills this version's cache with the core, and with each part that an older version has, so that no
 * update takes a screen away. All or nothing: a file that is not byte for byte the one that was
 * built (a captive portal's page, a half-deployed server) makes the whole installation fail, the
 * old version goes on, and the browser tries again later.
 */
export async function keepShell(shell: Shell): Promise<void> {
  try {
    const cache = await caches.open(cacheName(shell));
    // The list first: a cache that was only half filled must not pass for one that holds everything.
    await cache.put(LIST, new Response(JSON.stringify(shell)));
    const had = await partsHadBefore(shell);
    const waits = Object.keys(shell.later).filter((part) => !had.has(part));
    const later = new Set(waits.flatMap((part) => shell.later[part]!));
    await keep(
      shell,
      Object.keys(shell.files).filter((path) => !later.has(path)),
    );
  } catch (error) {
    await caches.delete(cacheName(shell));
    throw error;
  }
}

const onTheWay = new Map<string, Promise<void>>();

/** Adds one part to this version's cache, all of it or nothing; what is there already is not fetched again. */
export function keepPart(shell: Shell, part: string): Promise<void> {
  const kept =
    onTheWay.get(part) ?? keep(shell, shell.later[part]!).finally(() => onTheWay.delete(part));
  onTheWay.set(part, kept);
  return kept;
}

/** Adds these parts one after the other, or all but languages; names that this version does not know are passed over. */
export async function keepParts(shell: Shell, parts: readonly string[] | 'all'): Promise<void> {
  const known = Object.keys(shell.later).filter((part) =>
    parts === 'all' ? !isLanguage(part) : parts.includes(part),
  );
  for (const part of known) await keepPart(shell, part);
}

/** The part that a file belongs to; null for the core. */
export function partOf(shell: Shell, path: string): string | null {
  const found = Object.entries(shell.later).find(([, paths]) => paths.includes(path));
  return found?.[0] ?? null;
}

/** Removes the caches of every other version; the database is not the worker's to touch. */
export async function forgetOlderShells(shell: Shell): Promise<void> {
  const old = await olderNames(shell);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Puts files into this version's cache, none before all of them are here. */
async function keep(shell: Shell, paths: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName(shell));
  const files = await Promise.all(
    paths.map(async (path) => {
      if (await cache.match(path)) return null;
      const hash = shell.files[path]!;
      return { path, file: (await olderCopy(path, hash)) ?? (await fetched(path, hash)) };
    }),
  );
  await Promise.all(files.map((one) => one && cache.put(one.path, one.file)));
}

/**
 * The parts of this version that a phone has had: those that an older version holds under the same
 * name; and where an older one holds all it knows, every part, also one under a new name.
 */
async function partsHadBefore(shell: Shell): Promise<Set<string>> {
  const had = new Set<string>();
  for (const name of await olderNames(shell)) {
    const cache = await caches.open(name);
    const kept = new Set((await cache.keys()).map((one) => new URL(one.url).pathname));
    const list = await cache.match(LIST);
    // The first versions had no list, and were taken whole.
    const old: Partial<Shell> = list ? await list.json() : {};
    const holds = (paths: string[]) => paths.every((path) => kept.has(path));
    const languages = Object.keys(old.later ?? {}).filter(isLanguage);
    const unasked = new Set(languages.flatMap((part) => old.later![part]!));
    const all = holds(Object.keys(old.files ?? {}).filter((path) => !unasked.has(path)));
    for (const part of Object.keys(shell.later)) {
      const before = old.later?.[part];
      if ((all && !isLanguage(part)) || (before && holds(before))) had.add(part);
    }
  }
  return had;
}

async function olderNames(shell: Shell): Promise<string[]> {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(shell));
}

async function olderCopy(path: string, hash: string): Promise<Response | null> {
  const copy = await caches.match(path);
  return copy ? verified(copy, hash) : null;
}

async function fetched(path: string, hash: string): Promise<Response> {
  // Stamped files never change under their name, so the browser's own cache may answer.
  const cache = path.startsWith('/assets/') ? 'default' : 'no-cache';
  const file = await verified(await fetch(path, { cache }), hash);
  if (!file) throw new Error(`${path} is not the file that belongs to this version`);
  return file;
}

/** A plain copy of the answer when its body is what was built, else null. */
async function verified(response: Response, hash: string): Promise<Response | null> {
  if (!response.ok) return null;
  const body = await response.arrayBuffer();
  if ((await fingerprint(body)) !== hash) return null;
  const headers = new Headers(response.headers);
  // The body is already unpacked, and a copy made here may answer a navigation even if the
  // original arrived by a redirect.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(body, { headers });
}

async function fingerprint(body: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
