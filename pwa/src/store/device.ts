/**
 * What this phone knows before anybody's own database is open: who is signed in, a sign-in
 * half finished, a session that is still to be ended, and a store that is still to be cleared.
 */
import { device } from './device-database';
import { canRead, clearHalves, deviceKey, forgetKey, keyNames } from './keys';
import { seal, unseal, type Sealed } from './seal';

export interface SignedIn {
  id: string;
  /**
   * Whether the server's session is known to be this person's. False from before a sign-in is
   * sent until its answer is stored: meanwhile nothing may be sent in anybody's name.
   */
  confirmed: boolean;
  /** True after a 401: everything opens, nothing is sent until the person signs in again. */
  ended: boolean;
}

/** A sign-in on its way: the person may be in the mail app, or the tab may have been killed. */
export interface HalfSignIn {
  email: string;
  asked_at: number;
  /** Set when the code is asked for in order to join with an invitation. */
  joining?: { token: string; name: string; matters: string };
}

export async function whoIsSignedIn(): Promise<SignedIn | null> {
  return ((await (await device()).get('facts', 'signed_in')) as SignedIn | undefined) ?? null;
}

export async function writeSignedIn(who: SignedIn | null): Promise<void> {
  const db = await device();
  await (who ? db.put('facts', who, 'signed_in') : db.delete('facts', 'signed_in'));
}

/**
 * The server does not know this person's session any more. Nothing happens if they have left meanwhile:
 * who was asked about is compared in the same transaction in which it is written.
 */
export async function noteSessionOver(personId: string): Promise<void> {
  const transaction = (await device()).transaction('facts', 'readwrite');
  const who = (await transaction.store.get('signed_in')) as SignedIn | undefined;
  if (who?.id === personId && !(who.ended && who.confirmed))
    await transaction.store.put({ ...who, confirmed: true, ended: true }, 'signed_in');
  await transaction.done;
}

/** The people who have a database here: whoever is signed in, and those whose session ran out. */
export async function peopleHere(): Promise<string[]> {
  return (await keyNames()).filter((name) => name !== HALF);
}

const HALF = 'half_sign_in';

export async function readHalfSignIn(): Promise<HalfSignIn | null> {
  const sealed = (await (await device()).get('facts', HALF)) as Sealed | undefined;
  if (!sealed || !(await canRead(HALF))) return null;
  return deviceKey(HALF)
    .then((key) => unseal<HalfSignIn>(key, sealed))
    .catch(() => null);
}

export async function writeHalfSignIn(half: HalfSignIn | null): Promise<void> {
  const db = await device();
  if (!half) {
    await forgetKey(HALF);
    return db.delete('facts', HALF);
  }
  await db.put('facts', await seal(await deviceKey(HALF), half), HALF);
}

/** A note for whoever opens the app next, or null. It goes when the person leaves this phone. */
export async function readFact<T>(name: 'way'): Promise<T | null> {
  return ((await (await device()).get('facts', name)) as T | undefined) ?? null;
}

export async function writeFact(name: 'way', value: unknown): Promise<void> {
  const db = await device();
  await (value === null ? db.delete('facts', name) : db.put('facts', value, name));
}

/** A sign-out without signal leaves one thing to do: end the server's session at the next chance. */
export async function mustEndSession(): Promise<boolean> {
  return (await readUntold()) !== null;
}

/** A session that the server still has to be told of. `wakes`: the browser wakes the worker for it. */
export type Untold = 'untold' | 'untold_wakes';

export async function readUntold(): Promise<Untold | null> {
  const must = await (await device()).get('facts', 'end_session');
  if (!must) return null;
  return must === 'wakes' ? 'untold_wakes' : 'untold';
}

export async function writeMustEndSession(must: false | 'wakes'): Promise<void> {
  const db = await device();
  await (must ? db.put('facts', must, 'end_session') : db.delete('facts', 'end_session'));
}

/** Why nobody is signed in here any more, for the page that says so. It names nobody. */
export type Farewell = 'ended_by_you' | 'ended_by_you_unsent';

export async function readFarewell(): Promise<Farewell | null> {
  return ((await (await device()).get('facts', 'farewell')) as Farewell | undefined) ?? null;
}

export async function writeFarewell(farewell: Farewell | null): Promise<void> {
  const db = await device();
  await (farewell ? db.put('facts', farewell, 'farewell') : db.delete('facts', 'farewell'));
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
    facts.clear(),
    facts.put(true, 'end_session'),
    transaction.done,
  ]);
  await clearHalves();
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
    await facts.clear();
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
