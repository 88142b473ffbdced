/**
 * The shell: the files the app is made of, kept in one cache per version so that it opens without
 * a network. Never anything personal: that lives in IndexedDB, where signing out can wipe it.
 */
export interface Shell {
  /** Changes when any file does. */
  version: string;
  /** Path → the first 16 hex digits of the file's SHA-256. */
  files: Record<string, string>;
}

/** The page that every screen's address is answered with. */
export const START_PAGE = '/';

const PREFIX = 'alongside-shell-';

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
 * Fills this version's cache. All or nothing: a file that is not byte for byte the one that was
 * built (a captive portal's page, a half-deployed server) makes the whole installation fail, the
 * old version goes on, and the browser tries again later.
 */
export async function keepShell(shell: Shell): Promise<void> {
  try {
    const cache = await caches.open(cacheName(shell));
    await Promise.all(
      Object.entries(shell.files).map(async ([path, hash]) => {
        const file = (await olderCopy(path, hash)) ?? (await fetched(path, hash));
        await cache.put(path, file);
      }),
    );
  } catch (error) {
    await caches.delete(cacheName(shell));
    throw error;
  }
}

/** Removes the caches of every other version; the database is not the worker's to touch. */
export async function forgetOlderShells(shell: Shell): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(shell));
  await Promise.all(old.map((name) => caches.delete(name)));
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
