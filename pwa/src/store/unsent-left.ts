/** Of somebody who has left: their unsent words stay, sealed, until they sign in here; all else that was theirs to see goes. */
import { wipePhone } from './clearing';
import { closePhone, openPhone, type ItemKind, type OutboxRow, type Phone } from './database';
import { peopleHere } from './device-leaving';
import { keyOf } from './items';
import { allKinds } from './kinds';
import { youngerKey } from './new-keys';
import { renewSeals } from './renewal';

/** Everything goes but what is unsent, which is sealed anew. @returns whether anything is left */
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
  // What has just been deleted is still on the disk, and would open with the key that sealed it.
  const key = await youngerKey(phone.personId);
  if (key) await renewSeals(phone.personId, phone.db, key);
  return true;
}

/** Somebody else is here by now: of those before them only what was never sent stays on this phone. */
export async function forgetOthers(personId: string): Promise<void> {
  for (const other of await peopleHere()) {
    if (other === personId) continue;
    const phone = await openPhone(other);
    const isLeft = (await holdsMore(phone)) ? await leaveUnsent(phone) : await hasUnsent(phone);
    if (isLeft) await closePhone(other);
    else await wipePhone(other);
  }
}

const hasUnsent = async ({ db }: Phone): Promise<boolean> =>
  (await db.count('outbox')) + (await db.count('drafts')) > 0;

/** A phone that is used holds answers, and says when it heard them. */
const holdsMore = async ({ db }: Phone): Promise<boolean> =>
  (await db.count('resources')) + (await db.count('meta')) > 0;
