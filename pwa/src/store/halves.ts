/**
 * Where the second half of each key lies: outside the database, because a database keeps on the disk
 * what was deleted from it until it gets round to tidying up. A file of its own is really gone.
 * In the origin's private files where the browser can write there (Safari's pages cannot before
 * 26), else in a cache of its own, else nowhere apart: then the database has it (keys.ts).
 * Every start reads one; how they are put there and removed is in half-shelves.ts.
 */
export type Place = 'files' | 'cache';

/** A cache that nobody empties but whoever drops keys: see `isOurs` where caches are cleared. */
export const KEY_CACHE = 'alongside-keys';

export const fileOf = (name: string): string => `key-${name}`;
export const addressOf = (name: string): string => `/${fileOf(name)}`;

export const root = (): Promise<FileSystemDirectoryHandle> => navigator.storage.getDirectory();

export function unlessGone(error: unknown): null {
  if ((error as { name?: string } | null)?.name === 'NotFoundError') return null;
  throw error;
}

/** @returns null when it was removed. @throws when the place cannot be asked just now: then nothing is to be given up. */
export async function readHalf(
  place: Place,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const kept =
    place === 'files'
      ? await (await root()).getFileHandle(fileOf(name)).catch(unlessGone)
      : await (await caches.open(KEY_CACHE)).match(addressOf(name));
  if (!kept) return null;
  const file = 'getFile' in kept ? await kept.getFile() : kept;
  return new Uint8Array(await file.arrayBuffer());
}
