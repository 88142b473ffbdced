/** Making keys: a first one, and younger ones above it (keys.ts). */
import { device } from './device-database';
import { putHalf } from './half-shelves';
import { generationOf, opened, stored, youngest } from './keys';
import { exclusively } from './lock';
import type { Key } from './seal';

/** Making keys and clearing halves away take turns, or a half that was just put away would be cleared. */
const LOCK = 'alongside-keys';

export const taking = <T>(work: () => Promise<T>): Promise<T> => exclusively(work, LOCK);

/** The one that somebody was quicker to make, or a new one. */
export const firstKey = (name: string): Promise<string> =>
  taking(async () => (await youngest(name)) ?? made(name, 1));

/** A key to seal everything of that name with from now on, above those there are. */
export function youngerKey(name: string): Promise<Key> {
  if (!globalThis.crypto?.subtle) return Promise.resolve(null);
  return taking(async () => {
    const [first] = await stored(name);
    return opened(await made(name, first ? generationOf(first) + 1 : 1));
  });
}

async function made(name: string, generation: number): Promise<string> {
  const id = `${name}.${generation}`;
  const half = crypto.getRandomValues(new Uint8Array(32));
  const place = await putHalf(id, half);
  const base = await newBase();
  await (await device()).put('keys', place ? { base, place } : { base, half }, id);
  return id;
}

/** The half that the database keeps. It cannot be taken out of the browser, and seals nothing by itself. */
export function newBase(): Promise<CryptoKey> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
}
