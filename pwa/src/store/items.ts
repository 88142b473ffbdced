/**
 * What the person made or changed, together with what is still to be sent of it.
 * An item and its outbox row are always written in one transaction: there is no moment in which
 * the phone shows words that it has forgotten to send, or sends words that it does not show.
 */
import type { IDBPObjectStore, IDBPTransaction } from 'idb';
import type { Me, MeChange } from '../api/shapes';
import { meant } from '../core/meant';
import type { ItemKind, ItemRow, OutboxRow, Phone, Problem, Words } from './database';
import { allOrNothing, named } from './problems';
import { seal, unseal } from './seal';

/** An item as the person left it, and what the outbox says about it. */
export interface KeptItem<T> {
  id: string;
  /** What was sent last got it; null until something has. */
  version: number | null;
  value: T;
  /** What the server has, after a 412. Null: deleted there. Undefined: no difference known. */
  theirs?: T | null;
  row: OutboxRow | null;
  /** The server has taken it away at my wish: the value only tells to which list it belonged. */
  isGone?: true;
}

/** What the phone keeps of a profile: as the person sees it, and which lines are still to be sent. */
export interface ProfileItem {
  me: Me;
  change: MeChange;
}

/** The one item of its kind. */
export const PROFILE = 'me';

/** How safe something of mine is; `problem` says why it is parked. */
export interface Standing {
  sending: 'waiting' | 'safe' | 'parked' | 'conflict';
  problem?: Problem;
}

export function standingOf(item?: KeptItem<unknown> | null): Standing {
  const { state: sending = 'safe', problem } = item?.row ?? {};
  return problem ? { sending, problem } : { sending };
}

export const keyOf = (kind: ItemKind, id: string): string => `${kind}/${id}`;

/** These, as far as they are here; in no particular order. */
export async function readItems<T>(
  phone: Phone,
  kind: ItemKind,
  ids: readonly string[],
): Promise<KeptItem<T>[]> {
  if (!ids.length) return [];
  const transaction = phone.db.transaction([kind, 'outbox']);
  const [items, rows] = await Promise.all([
    rowsOf(transaction.objectStore(kind), ids),
    transaction.objectStore('outbox').getAll(),
  ]);
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  return inBatches(items, (item) =>
    opened<T>(phone, item, rowOf.get(keyOf(kind, item.id)) ?? null),
  );
}

type Rows = Pick<
  IDBPObjectStore<Words, (ItemKind | 'outbox')[], ItemKind, IDBTransactionMode>,
  'count' | 'get' | 'getAll'
>;

/** Many that lie close together are asked for at once. */
export async function rowsOf(store: Rows, ids: readonly string[]): Promise<ItemRow[]> {
  const sorted = ids.toSorted();
  const range = IDBKeyRange.bound(sorted[0]!, sorted.at(-1)!);
  const isClose = ids.length > BATCH && (await store.count(range)) < 2 * ids.length;
  const found = isClose
    ? await store.getAll(range)
    : await Promise.all(ids.map((id) => store.get(id)));
  const wanted = new Set(ids);
  return found.filter((row) => row !== undefined).filter(({ id }) => wanted.has(id));
}

/** Some after the others: in between the phone has time for its person. */
export async function inBatches<A, B>(
  all: readonly A[],
  work: (one: A) => Promise<B>,
): Promise<B[]> {
  const done: B[] = [];
  for (let at = 0; at < all.length; at += BATCH)
    done.push(...(await Promise.all(all.slice(at, at + BATCH).map(work))));
  return done;
}

const BATCH = 25;

export async function readItem<T>(
  phone: Phone,
  kind: ItemKind,
  id: string,
): Promise<KeptItem<T> | null> {
  const transaction = phone.db.transaction([kind, 'outbox']);
  const [item, row] = await Promise.all([
    transaction.objectStore(kind).get(id),
    transaction.objectStore('outbox').get(keyOf(kind, id)),
  ]);
  return item ? opened<T>(phone, item, row ?? null) : null;
}

async function opened<T>(phone: Phone, item: ItemRow, row: OutboxRow | null): Promise<KeptItem<T>> {
  const { id, version } = item;
  const value = await unseal<T>(phone.key, item.sealed);
  if (item.isGone) return { id, version, value, row, isGone: true };
  if (!item.theirs) return { id, version, value, row };
  return { id, version, value, row, theirs: await unseal<T | null>(phone.key, item.theirs) };
}

/**
 * Keep these words and mark them to be sent. A change to something still unsent merges into it.
 * @param known the server's version the author was looking at, where only a list showed it so far
 */
export async function writeItem<T>(
  phone: Phone,
  kind: ItemKind,
  id: string,
  value: T,
  known: number | null = null,
): Promise<void> {
  const sealed = await seal(phone.key, value, meant);
  await changeItem(phone, kind, id, (item, row) => ({
    item: { ...(item ?? { id, version: known }), sealed },
    row: { ...(row ?? newRow(kind, id, item?.version ?? known)), ...asked('put', row) },
  }));
}

/** Keep something new, and mark it to be sent: there is nothing to read first, and somebody waits for the answer. */
export async function addItem<T>(
  phone: Phone,
  kind: ItemKind,
  id: string,
  value: T,
): Promise<KeptItem<T>> {
  const item = { id, version: null, sealed: await seal(phone.key, value, meant) };
  const row = { ...newRow(kind, id, null), ...asked('put', null) };
  await both(phone, kind, (stores) => put(stores, kind, id, { item, row }));
  return { id, version: null, value, row };
}

type Pair = { item: ItemRow | null; row: OutboxRow | null };

/**
 * The one transaction that every write goes through. `decide` sees both rows as they are now and
 * says what they become; it must not wait for anything, or the transaction would end under it.
 * Answering null leaves both alone.
 */
export async function changeItem(
  phone: Phone,
  kind: ItemKind,
  id: string,
  decide: (item: ItemRow | null, row: OutboxRow | null) => Pair | null,
): Promise<boolean> {
  return both(phone, kind, async (stores) => {
    const [item, row] = await Promise.all([
      stores.objectStore(kind).get(id),
      stores.objectStore('outbox').get(keyOf(kind, id)),
    ]);
    const isGone = item?.isGone === true;
    const next = decide(isGone ? null : (item ?? null), row ?? null);
    // What is gone stays noted as gone, unless it is made anew.
    if (next && (next.row || !isGone)) await put(stores, kind, id, next);
    return next !== null;
  });
}

type Both = IDBPTransaction<Words, (ItemKind | 'outbox')[], 'readwrite'>;

/** A transaction over the items of a kind and what is to be sent: all of it is on the disk, or none. */
export function both<T>(
  phone: Phone,
  kind: ItemKind,
  work: (stores: Both) => Promise<T>,
): Promise<T> {
  return named(async () => {
    const stores = phone.db.transaction([kind, 'outbox'], 'readwrite', { durability: 'strict' });
    return allOrNothing(stores, () => work(stores));
  });
}

export async function put(
  stores: Both,
  kind: ItemKind,
  id: string,
  { item, row }: Pair,
): Promise<void> {
  const items = stores.objectStore(kind);
  const rows = stores.objectStore('outbox');
  const first = item ? items.put(item) : items.delete(id);
  // If the other one cannot even be asked for, this one is given up with it.
  first.catch(() => undefined);
  const second = row ? rows.put(row) : rows.delete(keyOf(kind, id));
  // Nothing more comes: the disk need not wait until the page has heard of each.
  stores.commit();
  await Promise.all([first, second]);
}

/** Keep what only a list showed so far, unless this phone holds it already. Nothing is to be sent of it. */
export async function adoptItem<T>(
  phone: Phone,
  kind: ItemKind,
  id: string,
  value: T,
  version: number,
): Promise<void> {
  const sealed = await seal(phone.key, value);
  await changeItem(phone, kind, id, (item, row) =>
    item || row ? null : { item: { id, version, sealed }, row: null },
  );
}

let last = 0;

/** The time, but never the same twice: what was kept first is sent first. */
function inLine(): number {
  last = Math.max(Date.now(), last + 1);
  return last;
}

export function newRow(kind: ItemKind, id: string, base: number | null): OutboxRow {
  return {
    key: keyOf(kind, id),
    kind,
    id,
    intent: 'put',
    revision: 0,
    base,
    attempted: [],
    state: 'waiting',
    problem: null,
    tries: 0,
    not_before: 0,
    guessed: true,
    queued_at: inLine(),
  };
}

/** What a new wish of the author changes in the row: a parked item gets a fresh chance, a conflict stays one. */
export function asked(intent: OutboxRow['intent'], row: OutboxRow | null): Partial<OutboxRow> {
  return {
    intent,
    revision: (row?.revision ?? 0) + 1,
    ...(row?.state === 'conflict'
      ? {}
      : { state: 'waiting' as const, problem: null, tries: 0, not_before: 0 }),
  };
}
