/**
 * The keys that seal the words on this phone, each in two halves: a CryptoKey in the database that the
 * browser will not hand out, and 32 random bytes elsewhere (halves.ts). Either alone opens nothing.
 *
 * A key is replaced by a younger one of the same name (`generation`): what an older one sealed is
 * sealed anew when the store is opened (renewal.ts), and only then the older one goes.
 *
 * Here they are read, as every start does. new-keys.ts makes them, clearing.ts drops them.
 */
import { device, type StoredKey } from './device-database';
import { readHalf } from './halves';
import { combined, type Key } from './seal';

/** name.generation; without a generation it is a whole key from before keys had halves. */
const nameOf = (stored: string): string => stored.split('.')[0]!;
export const generationOf = (stored: string): number => Number(stored.split('.')[1] ?? 0);

/** All that are there under a name, the youngest first. */
export async function stored(name: string): Promise<string[]> {
  const all = (await (await device()).getAllKeys('keys')).filter((one) => nameOf(one) === name);
  return all.toSorted((a, b) => generationOf(b) - generationOf(a));
}

export async function youngest(name: string): Promise<string | null> {
  const [first] = await stored(name);
  return first && generationOf(first) > 0 ? first : null;
}

/** The names that there are keys for. */
export async function keyNames(): Promise<string[]> {
  return [...new Set((await (await device()).getAllKeys('keys')).map(nameOf))];
}

/** The key of that name, made at the first asking. Two tabs asking at once get the same one. */
export async function deviceKey(name: string): Promise<Key> {
  if (!globalThis.crypto?.subtle) return null;
  return opened((await youngest(name)) ?? (await (await import('./new-keys')).firstKey(name)));
}

/** @throws when half of it is gone, or cannot be read just now. */
export async function opened(id: string): Promise<Key> {
  const row = await (await device()).get('keys', id);
  if (row instanceof CryptoKey) return row;
  const half = row && (await halfOf(id, row));
  if (!row || !half) throw new Error('half of the key is gone');
  return combined(row.base, half);
}

async function halfOf(
  id: string,
  row: Exclude<StoredKey, CryptoKey>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return row.place ? readHalf(row.place, id) : (row.half ?? null);
}

/** False when the words of that name can never be read again: a half of their key, or all of it, was dropped. */
export async function canRead(name: string): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return true;
  for (const id of await stored(name)) {
    const row = await (await device()).get('keys', id);
    if (row instanceof CryptoKey || (row && (await halfOf(id, row)))) return true;
  }
  return false;
}

export async function hasOlderKeys(name: string): Promise<boolean> {
  return (await older(name)).length > 0;
}

export async function older(name: string): Promise<string[]> {
  const first = await youngest(name);
  return (await stored(name)).filter((id) => id !== first);
}
