/**
 * The keys that seal the words on this phone, each in two halves: a CryptoKey in the database that the
 * browser will not hand out, and 32 random bytes elsewhere (halves.ts). Either alone opens nothing.
 *
 * A key is replaced by a younger one of the same name (`generation`): what an older one sealed is
 * sealed anew when the store is opened (renewal.ts), and only then the older one goes.
 */
import { device, type StoredKey } from './device-database';
import { keepOnlyHalves, putHalf, readHalf } from './halves';
import { exclusively } from './lock';
import { combined, newBase, type Key } from './seal';

/** Making keys and clearing halves away take turns, or a half that was just put away would be cleared. */
const LOCK = 'alongside-keys';

/** name.generation; without a generation it is a whole key from before keys had halves. */
const nameOf = (stored: string): string => stored.split('.')[0]!;
const generationOf = (stored: string): number => Number(stored.split('.')[1] ?? 0);

/** All that are there under a name, the youngest first. */
async function stored(name: string): Promise<string[]> {
  const all = (await (await device()).getAllKeys('keys')).filter((one) => nameOf(one) === name);
  return all.toSorted((a, b) => generationOf(b) - generationOf(a));
}

async function youngest(name: string): Promise<string | null> {
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
  const there = (await youngest(name)) ?? (await taking(() => orNew(name)));
  return opened(there);
}

const taking = <T>(work: () => Promise<T>): Promise<T> => exclusively(work, LOCK);

const orNew = async (name: string): Promise<string> => (await youngest(name)) ?? made(name, 1);

async function made(name: string, generation: number): Promise<string> {
  const id = `${name}.${generation}`;
  const half = crypto.getRandomValues(new Uint8Array(32));
  const place = await putHalf(id, half);
  const base = await newBase();
  await (await device()).put('keys', place ? { base, place } : { base, half }, id);
  return id;
}

/** @throws when half of it is gone, or cannot be read just now. */
async function opened(id: string): Promise<Key> {
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

/** Older keys of that name: what they sealed waits to be sealed anew. */
export async function olderKeys(name: string): Promise<CryptoKey[]> {
  const keys = await Promise.all((await older(name)).map((id) => opened(id).catch(() => null)));
  return keys.filter((key) => key !== null);
}

export async function hasOlderKeys(name: string): Promise<boolean> {
  return (await older(name)).length > 0;
}

async function older(name: string): Promise<string[]> {
  const first = await youngest(name);
  return (await stored(name)).filter((id) => id !== first);
}

/** A key to seal everything of that name with from now on, above those there are. */
export function youngerKey(name: string): Promise<Key> {
  if (!globalThis.crypto?.subtle) return Promise.resolve(null);
  return taking(async () => {
    const [first] = await stored(name);
    return opened(await made(name, first ? generationOf(first) + 1 : 1));
  });
}

/** Nothing that an older key sealed is needed any more: what is left of it on the disk opens no more. */
export async function forgetOlderKeys(name: string): Promise<void> {
  if (await youngest(name)) await forget(await older(name));
}

export async function forgetKey(name: string): Promise<void> {
  await forget(await stored(name));
}

async function forget(ids: string[]): Promise<void> {
  const transaction = (await device()).transaction('keys', 'readwrite');
  await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
  await clearHalves();
}

/** Halves of keys that have gone go as well, also those that a cut-off sign-out has left. */
export function clearHalves(): Promise<void> {
  return taking(async () => keepOnlyHalves(new Set(await (await device()).getAllKeys('keys'))));
}
