/**
 * The phone's own database: one for each person, so that whoever signs in next on the same phone
 * opens another. Words are sealed (see seal.ts); what stands in the clear is what the outbox
 * must read inside a transaction: ids, versions, states, times.
 */
import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import type { Told } from '../api/shapes';
import { canRead, deviceKey, hasOlderKeys } from './keys';
import { exclusively } from './lock';
import { tell } from './news';
import { named } from './problems';
import type { Key, Sealed } from './seal';

export const VERSION = 7;

/** What can be made or changed without signal. */
export type ItemKind =
  | 'reflections'
  | 'responses'
  | 'profile'
  /** How I want to be reached: one item. */
  | 'rhythm'
  /** What I made of a day's question; the id is the date. */
  | 'days'
  | 'prompts'
  | 'reminders'
  /** Notices that I have seen; nothing is kept of one once it is sent. */
  | 'reads'
  | FeedbackKind
  | ContractKind;

/** What I asked · what I answered · what I offered · one-time acts (declining, thanking, …). */
export type FeedbackKind =
  'feedback_requests' | 'feedback_answers' | 'feedback_offers' | 'feedback_acts';

/** What I proposed · where I stand on a proposal, by its id · remarks · reviews I asked for · my check-ins. */
export type ContractKind = 'proposals' | 'positions' | 'remarks' | 'reviews' | 'check_in_answers';

export interface ItemRow {
  id: string;
  /** The server's version that this copy comes from; null until the server has it. */
  version: number | null;
  sealed: Sealed;
  /** After a 412: what the server has. Null when it was deleted there. */
  theirs?: Sealed;
  /** The server has taken it away at my wish; a snapshot that was asked for before holds it still. Its words are not sealed here any more. */
  isGone?: true;
}

/** Why an item is not sent; `message` is the server's own sentence. */
export interface Problem {
  status: number;
  reason: string;
  message: string;
  values?: Record<string, string | number>;
  /** A plain string is in English: as versions before kept it, and of what no form sends. */
  fields?: Record<string, (string | Told)[]>;
  /** Of an ask: ids of people for whom an earlier one of mine waits. */
  waiting?: string[];
}

export type OutboxState = 'waiting' | 'parked' | 'conflict';

/** One row for each item that has something to send; the words are taken from the item. */
export interface OutboxRow {
  /** kind/id */
  key: string;
  kind: ItemKind;
  id: string;
  intent: 'put' | 'delete';
  /** Grows with every change by the author; a send is finished only if it has not moved meanwhile. */
  revision: number;
  /** The version the author was looking at (If-Match); null makes it new (If-None-Match: *). */
  base: number | null;
  /** Digests of bodies that may have reached the server although no answer came back. */
  attempted: string[];
  state: OutboxState;
  problem: Problem | null;
  tries: number;
  /** Not before this moment (ms); set by backoff or by the server's Retry-After. */
  not_before: number;
  /** True when the wait is only our guess about the network: any sign of signal ends it. */
  guessed: boolean;
  /** The server has room for it later: it was a lot for others within an hour. */
  rests?: boolean;
  queued_at: number;
}

export interface DraftRow {
  key: string;
  saved_at: number;
  sealed: Sealed;
}

/** The last answer to a GET, so that its screen opens without signal. */
export interface ResourceRow {
  path: string;
  etag: string | null;
  /** Under which mark the server last said that it is so; none from a server that gives none. */
  mark?: string | null;
  kept_at: number;
  sealed: Sealed;
}

export interface MetaRow {
  key: string;
  value: unknown;
}

export interface Words extends DBSchema {
  reflections: { key: string; value: ItemRow };
  responses: { key: string; value: ItemRow };
  profile: { key: string; value: ItemRow };
  rhythm: { key: string; value: ItemRow };
  days: { key: string; value: ItemRow };
  prompts: { key: string; value: ItemRow };
  reminders: { key: string; value: ItemRow };
  reads: { key: string; value: ItemRow };
  feedback_requests: { key: string; value: ItemRow };
  feedback_answers: { key: string; value: ItemRow };
  feedback_offers: { key: string; value: ItemRow };
  feedback_acts: { key: string; value: ItemRow };
  proposals: { key: string; value: ItemRow };
  positions: { key: string; value: ItemRow };
  remarks: { key: string; value: ItemRow };
  reviews: { key: string; value: ItemRow };
  check_in_answers: { key: string; value: ItemRow };
  outbox: { key: string; value: OutboxRow };
  drafts: { key: string; value: DraftRow };
  meta: { key: string; value: MetaRow };
  resources: { key: string; value: ResourceRow };
}

export type WordsDatabase = IDBPDatabase<Words>;

/** The open store of one person. */
export interface Phone {
  personId: string;
  db: WordsDatabase;
  key: Key;
}

type Stores = ArrayLike<StoreNames<Words>>;
type Upgrade = (
  db: WordsDatabase,
  transaction: IDBPTransaction<Words, Stores, 'versionchange'>,
) => void | Promise<void>;

/** One step for each version ever released. A step is never edited; a new one is added. */
const UPGRADES: Upgrade[] = [
  (db) => {
    for (const store of ['reflections', 'responses'] as const)
      db.createObjectStore(store, { keyPath: 'id' });
    for (const store of ['outbox', 'drafts', 'meta'] as const)
      db.createObjectStore(store, { keyPath: 'key' });
  },
  async (db, transaction) => {
    db.createObjectStore('profile', { keyPath: 'id' });
    db.createObjectStore('resources', { keyPath: 'path' });
    // Rows of version 1 did not remember what may have arrived, nor whose guess a wait is.
    for await (const cursor of transaction.objectStore('outbox')) {
      await cursor.update({
        ...cursor.value,
        attempted: cursor.value.attempted ?? [],
        guessed: cursor.value.guessed ?? true,
      });
    }
  },
  (db) => {
    for (const store of ['rhythm', 'days', 'prompts', 'reminders', 'reads'] as const)
      db.createObjectStore(store, { keyPath: 'id' });
  },
  (db) => {
    for (const kind of ['requests', 'answers', 'offers', 'acts'] as const)
      db.createObjectStore(`feedback_${kind}`, { keyPath: 'id' });
  },
  (db) => {
    const kinds = ['proposals', 'positions', 'remarks', 'reviews', 'check_in_answers'] as const;
    for (const store of kinds) db.createObjectStore(store, { keyPath: 'id' });
  },
  // Keys have two halves from here on. Sealing anew cannot be waited for inside of this; but an older
  // version of the app, which would go on with the older key, is shut out by it.
  () => undefined,
  // Items that are gone stand among the others from here on: an older version would look for their words.
  () => undefined,
];

export const nameFor = (personId: string): string => `alongside-${personId}`;

const opened = new Map<string, Promise<Phone>>();

/** Run before a newer version of the app gets the database: the last chance to write down what is in the fields. */
export const beforeStepAside = new Set<() => Promise<void>>();

/** Open (or make) the store of this person. @throws StoreIsNewer */
export function openPhone(personId: string): Promise<Phone> {
  let phone = opened.get(personId);
  if (!phone) {
    phone = named(() => open(personId));
    opened.set(personId, phone);
    phone.catch(() => opened.delete(personId));
  }
  return phone;
}

export async function closePhone(personId: string): Promise<void> {
  const phone = await opened.get(personId)?.catch(() => null);
  opened.delete(personId);
  phone?.db.close();
}

/** Close this connection, but none that was opened after it: what is still written to it fails. */
export async function letGo(phone: Phone): Promise<void> {
  phone.db.close();
  const now = opened.get(phone.personId);
  if ((await now?.catch(() => null)) === phone && opened.get(phone.personId) === now)
    opened.delete(phone.personId);
}

async function open(personId: string): Promise<Phone> {
  const closed = () => {
    opened.delete(personId);
    tell({ about: 'who' });
  };
  // Nothing was here yet, or a sign-out was cut off.
  if (!(await canRead(personId))) await (await import('./clearing')).beginAfresh(personId);
  const db = await openDB<Words>(nameFor(personId), VERSION, {
    async upgrade(database, from, _to, transaction) {
      for (const step of UPGRADES.slice(from)) await step(database, transaction);
    },
    // A sign-out wants the database: step aside at once. A newer version of the app: after the last words are written.
    async blocking(_current, wanted, event) {
      if (wanted !== null) await Promise.allSettled([...beforeStepAside].map((run) => run()));
      (event.target as IDBDatabase).close();
      closed();
    },
    // The browser may close it for reasons of its own: then it is opened again.
    terminated: closed,
  });
  const key = await deviceKey(personId);
  if (key && (await hasOlderKeys(personId))) {
    const { renewSeals } = await import('./renewal');
    await exclusively(() => renewSeals(personId, db, key), OPENING);
  }
  return { personId, db, key };
}

export const OPENING = 'alongside-open';
