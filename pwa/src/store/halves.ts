/**
 * Where the second half of each key lies: outside the database, because a database keeps on the disk
 * what was deleted from it until it gets round to tidying up. A file of its own is really gone.
 * In the origin's private files where the browser can write there (Safari's pages cannot before
 * 26), else in a cache of its own, else nowhere apart: then the database has it (keys.ts).
 */
export type Place = 'files' | 'cache';

export const PLACES: readonly Place[] = ['files', 'cache'];
/** A cache that nobody empties but whoever drops keys: see `isOurs` where caches are cleared. */
export const KEY_CACHE = 'alongside-keys';
const PREFIX = 'key-';

interface Shelf {
  /** Null when there is none of that name; throws when the place cannot be asked just now. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(name: string, half: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
}

const files: Shelf = {
  async read(name) {
    const handle = await existing(name);
    return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
  },
  async write(name, half) {
    const handle = await (await root()).getFileHandle(PREFIX + name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(half);
    await writable.close();
  },
  async remove(name) {
    await (await root()).removeEntry(PREFIX + name).catch(unlessGone);
  },
  async names() {
    const found: string[] = [];
    for await (const name of (await root()).keys()) found.push(name);
    return found.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(4));
  },
};

const root = (): Promise<FileSystemDirectoryHandle> => navigator.storage.getDirectory();

async function existing(name: string): Promise<FileSystemFileHandle | null> {
  return (await root()).getFileHandle(PREFIX + name).catch(unlessGone);
}

function unlessGone(error: unknown): null {
  if ((error as { name?: string } | null)?.name === 'NotFoundError') return null;
  throw error;
}

const address = (name: string): string => `/${PREFIX}${name}`;

const cache: Shelf = {
  async read(name) {
    const kept = await (await caches.open(KEY_CACHE)).match(address(name));
    return kept ? new Uint8Array(await kept.arrayBuffer()) : null;
  },
  async write(name, half) {
    await (await caches.open(KEY_CACHE)).put(address(name), new Response(half));
  },
  async remove(name) {
    await (await caches.open(KEY_CACHE)).delete(address(name));
  },
  async names() {
    if (!(await caches.has(KEY_CACHE))) return [];
    const kept = await (await caches.open(KEY_CACHE)).keys();
    const names = kept.map((request) => new URL(request.url).pathname.slice(PREFIX.length + 1));
    // An empty cache would be left behind for whoever looks for traces.
    if (!names.length) await caches.delete(KEY_CACHE);
    return names;
  },
};

const SHELVES: Record<Place, Shelf> = { files, cache };

/** Put a new half away; answers where, or null where there is no place apart from the database. */
export async function putHalf(name: string, half: Uint8Array<ArrayBuffer>): Promise<Place | null> {
  for (const place of PLACES) {
    try {
      await SHELVES[place].write(name, half);
      const back = await SHELVES[place].read(name);
      if (back && String(back) === String(half)) return place;
    } catch {
      // Not in this browser, or not in this window: the next place.
    }
  }
  return null;
}

/** @returns null when it was removed. @throws when the place cannot be asked: then nothing is to be given up. */
export function readHalf(place: Place, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return SHELVES[place].read(name);
}

/** Remove every half that no key asks for any more. */
export async function keepOnlyHalves(wanted: ReadonlySet<string>): Promise<void> {
  for (const place of PLACES) {
    const shelf = SHELVES[place];
    const names = await shelf.names().catch(() => []);
    await Promise.all(names.filter((name) => !wanted.has(name)).map((name) => shelf.remove(name)));
    if (names.length) await shelf.names().catch(() => []);
  }
}
