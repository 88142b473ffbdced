/** Of somebody who has left: their unsent words stay, sealed, until they sign in here; all else that was theirs to see goes. */
import { wipePhone } from './clearing';
import { closePhone, openPhone, type ItemKind, type OutboxRow, type Phone } from './database';
import { peopleHere } from './device-leaving';
import { keyOf } from './items';
import { allKinds } from './kinds';
import { letGoBesideMine } from './letting-go';
import { youngerKey } from './new-keys';
import { renewSeals } from './renewal';

/** In the phone's database: only what was never sent is left, and no key opens what was deleted. Until it is used again. */
const ONLY_UNSENT = 'only_unsent';

/**
 * Everything goes but what is unsent, with what others said beside it; the rest is sealed anew. Cut off at any moment, it is
 * done again from the beginning. What no key opens stays as it is: it may be words that somebody wrote.
 * @returns whether anything is left
 */
export async function leaveUnsent(phone: Phone): Promise<boolean> {
  const { kinds } = await allKinds();
  const names = [...phone.db.objectStoreNames];
  const transaction = phone.db.transaction(names, 'readwrite', { durability: 'strict' });
  const outbox = transaction.objectStore('outbox');
  const rows = await outbox.getAll();
  // One of a kind that this version of the app does not know may hold words, too.
  const isLoss = ({ kind }: OutboxRow) => kinds[kind]?.unsentAs !== null;
  const unsent = new Set(rows.filter(isLoss).map(({ key }) => key));
  const left = unsent.size + (await transaction.objectStore('drafts').count());
  for (const name of names) {
    if (name === 'drafts') continue;
    const store = transaction.objectStore(name);
    for (const key of await store.getAllKeys()) {
      const isUnsent = unsent.has(name === 'outbox' ? key : keyOf(name as ItemKind, key));
      if (!isUnsent) await store.delete(key);
    }
  }
  await transaction.done;
  if (!left) return false;
  await letGoBesideMine(phone);
  // What has just been deleted is still on the disk, and would open with the key that sealed it.
  const key = await youngerKey(phone.personId);
  if (key) await renewSeals(phone.personId, phone.db, key);
  await phone.db.put('meta', { key: ONLY_UNSENT, value: true });
  return true;
}

/** Somebody else is here by now: of those before them only what was never sent stays on this phone. */
export async function forgetOthers(personId: string): Promise<void> {
  await (await openPhone(personId)).db.delete('meta', ONLY_UNSENT);
  for (const other of await peopleHere()) {
    if (other === personId) continue;
    const phone = await openPhone(other);
    if ((await isOnlyUnsent(phone)) || (await leaveUnsent(phone))) await closePhone(other);
    else await wipePhone(other);
  }
}

/** A phone that is used holds answers, and says when it heard them. */
const isOnlyUnsent = async ({ db }: Phone): Promise<boolean> =>
  String(await db.getAllKeys('meta')) === ONLY_UNSENT && !(await db.count('resources'));
