/**
 * What this phone knows before anybody's own database is open: who is signed in, a sign-in
 * half finished, the keys that seal the words, and a session that is still to be ended.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { newKey, seal, unseal, type Key, type Sealed } from './seal';

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

interface Device extends DBSchema {
  facts: { key: string; value: unknown };
  keys: { key: string; value: CryptoKey };
}

const NAME = 'alongside';
let opened: Promise<IDBPDatabase<Device>> | null = null;

function device(): Promise<IDBPDatabase<Device>> {
  const forget = () => (opened = null);
  opened ??= openDB<Device>(NAME, 1, {
    upgrade(db) {
      db.createObjectStore('facts');
      db.createObjectStore('keys');
    },
    blocking(_current, _blocked, event) {
      forget();
      (event.target as IDBDatabase).close();
    },
    terminated: forget,
  });
  opened.catch(forget);
  return opened;
}

export async function whoIsSignedIn(): Promise<SignedIn | null> {
  return ((await (await device()).get('facts', 'signed_in')) as SignedIn | undefined) ?? null;
}

export async function writeSignedIn(who: SignedIn | null): Promise<void> {
  const db = await device();
  await (who ? db.put('facts', who, 'signed_in') : db.delete('facts', 'signed_in'));
}

/** The people who have a database here: whoever is signed in, and those whose session ran out. */
export async function peopleHere(): Promise<string[]> {
  const keys = await (await device()).getAllKeys('keys');
  return keys.filter((key) => key !== HALF);
}

const HALF = 'half_sign_in';

export async function readHalfSignIn(): Promise<HalfSignIn | null> {
  const sealed = (await (await device()).get('facts', HALF)) as Sealed | undefined;
  return sealed ? unseal<HalfSignIn>(await deviceKey(HALF), sealed).catch(() => null) : null;
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
  return (await (await device()).get('facts', 'end_session')) === true;
}

export async function writeMustEndSession(must: boolean): Promise<void> {
  const db = await device();
  await (must ? db.put('facts', true, 'end_session') : db.delete('facts', 'end_session'));
}

/** The key of that name, made at the first asking. Two tabs asking at once get the same one. */
export async function deviceKey(name: string): Promise<Key> {
  const db = await device();
  const there = await db.get('keys', name);
  if (there) return there;
  const fresh = await newKey();
  if (!fresh) return null;
  const transaction = db.transaction('keys', 'readwrite');
  const meanwhile = await transaction.store.get(name);
  if (!meanwhile) await transaction.store.put(fresh, name);
  await transaction.done;
  return meanwhile ?? fresh;
}

/** False when the words of that name can never be read again: their key was dropped. */
export async function canRead(name: string): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return true;
  return (await (await device()).getKey('keys', name)) !== undefined;
}

export async function forgetKey(name: string): Promise<void> {
  await (await device()).delete('keys', name);
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
    who && keys.delete(who.id),
    keys.delete(HALF),
    facts.clear(),
    facts.put(true, 'end_session'),
    transaction.done,
  ]);
}
