/** What this phone notes when somebody leaves it, and of those who have left words here (device.ts has the rest). */
import { clearHalves } from './clearing';
import { HALF, readUntold, type Farewell, type SignedIn } from './device';
import { device } from './device-database';
import { keyNames } from './keys';

/** The people who have a database here: whoever is signed in, and those whose session ran out. */
export async function peopleHere(): Promise<string[]> {
  return (await keyNames()).filter((name) => name !== HALF);
}

/** A sign-out without signal leaves one thing to do: end the server's session at the next chance. */
export async function mustEndSession(): Promise<boolean> {
  return (await readUntold()) !== null;
}

export async function writeMustEndSession(must: false | 'wakes'): Promise<void> {
  const db = await device();
  await (must ? db.put('facts', must, 'end_session') : db.delete('facts', 'end_session'));
}

/**
 * The person leaves: their words become unreadable in the same moment in which they are no longer
 * signed in, and one thing remains to be done. The words of somebody else whose session ran out with
 * words unsent stay, sealed, until they come back for them.
 */
export async function forgetSignedIn(): Promise<void> {
  const transaction = (await device()).transaction(['facts', 'keys'], 'readwrite');
  const [facts, keys] = [transaction.objectStore('facts'), transaction.objectStore('keys')];
  const who = (await facts.get('signed_in')) as SignedIn | undefined;
  await Promise.all([
    who && keys.delete(allOf(who.id)),
    keys.delete(allOf(HALF)),
    clearFacts(facts).then(() => facts.put(true, 'end_session')),
    transaction.done,
  ]);
  await clearHalves();
}

interface Facts {
  get(name: string): Promise<unknown>;
  put(value: unknown, name: string): Promise<unknown>;
  clear(): Promise<void>;
}

/** What the operator says of help stays: it is nobody's own, and whoever is not signed in may need it most. */
async function clearFacts(facts: Facts): Promise<void> {
  const help = await facts.get('help');
  await facts.clear();
  if (help !== undefined) await facts.put(help, 'help');
}

/** Every generation of a key (keys.ts). */
const allOf = (name: string): IDBKeyRange => IDBKeyRange.bound(name, `${name}.\uffff`);

/**
 * The person ended this phone's session from elsewhere: nobody is signed in from this moment on, and
 * their store is to be cleared of all but what is unsent, however often that is cut off.
 * @returns whose
 */
export async function beginWiping(): Promise<string | null> {
  const transaction = (await device()).transaction(['facts', 'keys'], 'readwrite');
  const [facts, keys] = [transaction.objectStore('facts'), transaction.objectStore('keys')];
  const who = (await facts.get('signed_in')) as SignedIn | undefined;
  if (who) {
    await clearFacts(facts);
    await facts.put(who.id, 'wiping');
    await facts.put('ended_by_you' satisfies Farewell, 'farewell');
    await keys.delete(allOf(HALF));
  }
  await transaction.done;
  return who?.id ?? null;
}

/** Whose store is still to be cleared. */
export async function isWiping(): Promise<string | null> {
  return ((await (await device()).get('facts', 'wiping')) as string | undefined) ?? null;
}

export async function endWiping(farewell: Farewell): Promise<void> {
  const transaction = (await device()).transaction('facts', 'readwrite');
  await transaction.store.put(farewell, 'farewell');
  await transaction.store.delete('wiping');
  await transaction.done;
}
