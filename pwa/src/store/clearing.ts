/**
 * Dropping keys, and the stores that they opened. Whoever leaves imports this from the beginning
 * (sign_out.ts, leaving.ts), never only then: there may be no signal to fetch it with.
 */
import { deleteDB } from 'idb';
import { closePhone, nameFor, OPENING } from './database';
import { device } from './device-database';
import { keepOnlyHalves } from './half-shelves';
import { canRead, deviceKey, older, stored, youngest } from './keys';
import { exclusively } from './lock';
import { taking } from './new-keys';

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

/** Drop the key, then the database: nothing of this person can be read on this phone again. */
export async function wipePhone(personId: string): Promise<void> {
  await forgetKey(personId);
  await closePhone(personId);
  // A frozen tab may hold the database open for a while; its words can no longer be read in any case.
  await Promise.race([deleteDB(nameFor(personId)), new Promise((done) => setTimeout(done, 3000))]);
}

/** What a sign-out that was cut off has left behind can never be read again: away with it, once. */
export function beginAfresh(personId: string): Promise<void> {
  return exclusively(async () => {
    if (await canRead(personId)) return;
    await forgetKey(personId);
    await deleteDB(nameFor(personId));
    await deviceKey(personId);
  }, OPENING);
}
