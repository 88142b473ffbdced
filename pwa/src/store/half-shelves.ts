/** Putting halves of keys away, and removing them (halves.ts says where). */
import { addressOf, fileOf, KEY_CACHE, readHalf, root, unlessGone, type Place } from './halves';

interface Shelf {
  write(name: string, half: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
}

const PREFIX = fileOf('');

const files: Shelf = {
  async write(name, half) {
    const handle = await (await root()).getFileHandle(fileOf(name), { create: true });
    const writable = await handle.createWritable();
    await writable.write(half);
    await writable.close();
  },
  async remove(name) {
    await (await root()).removeEntry(fileOf(name)).catch(unlessGone);
  },
  async names() {
    const found: string[] = [];
    for await (const name of (await root()).keys()) found.push(name);
    return found.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  },
};

const cache: Shelf = {
  async write(name, half) {
    await (await caches.open(KEY_CACHE)).put(addressOf(name), new Response(half));
  },
  async remove(name) {
    await (await caches.open(KEY_CACHE)).delete(addressOf(name));
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

const SHELVES: [Place, Shelf][] = [
  ['files', files],
  ['cache', cache],
];

/** Put a new half away; answers where, or null where there is no place apart from the database. */
export async function putHalf(name: string, half: Uint8Array<ArrayBuffer>): Promise<Place | null> {
  for (const [place, shelf] of SHELVES) {
    try {
      await shelf.write(name, half);
      const back = await readHalf(place, name);
      if (back && String(back) === String(half)) return place;
    } catch {
      // Not in this browser, or not in this window: the next place.
    }
  }
  return null;
}

/** Remove every half that no key asks for any more. */
export async function keepOnlyHalves(wanted: ReadonlySet<string>): Promise<void> {
  for (const [, shelf] of SHELVES) {
    const names = await shelf.names().catch(() => []);
    await Promise.all(names.filter((name) => !wanted.has(name)).map((name) => shelf.remove(name)));
    if (names.length) await shelf.names().catch(() => []);
  }
}
