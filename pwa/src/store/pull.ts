/** What changed elsewhere comes to the phone: my own reflections, since the cursor of the last time. */
import { unwrap, wrap, type IDBPObjectStore } from 'idb';
import type { ReflectionChange, ReflectionChanges } from '../api/shapes';
import type { Phone, Words } from './database';
import { tellOfFresh } from './fresh';
import { COMING, CURSOR, howMuchCame, type Come } from './history';
import { inBatches, keyOf, rowsOf } from './items';
import { listen, tell, tellOthers } from './news';
import { allOrNothing, named } from './problems';
import { seal, type Key, type Sealed } from './seal';
import type { Told } from './question';
import { hasCome, want } from './sync';

const PAGE = 100;
/** So many pages come one after the other before whoever waits for the lock has a turn. */
const PAGES = 10;

/** So many of a page are put away at once: in between the phone has time for its person. */
const AT_ONCE = 25;

interface Pulled {
  reached: 'server' | 'nobody' | 'not_tried';
  more: boolean;
}

/** Whether something new is to be sent, and how whoever waits for an answer hears of it. */
let isHurried = false;
let hear = () => {};

// Something new is to be sent, here or in another tab: what is asked at this moment holds it up no longer.
listen(({ about }) => {
  if (about !== 'outbox') return;
  isHurried = true;
  hear();
});

/** Before all that waits is sent. */
export function holdAgain(): void {
  isHurried = false;
}

/**
 * Fetch what is new, a few pages in a row, each while the one before is put away.
 * @param isStillHere whether whose phone it is may still ask
 * @returns whether the server answered, where it was waited for, and whether there is more to fetch at once
 */
export async function pull(phone: Phone, isStillHere: () => Promise<boolean>): Promise<Pulled> {
  const { db } = phone;
  let since = ((await db.get('meta', CURSOR))?.value as string | undefined) ?? null;
  let come = await howMuchCame(phone);
  const waiting = await db.count('outbox');
  // What was written meanwhile is sent first: no page is put away then that was asked for before.
  const goesOn = async () => (await db.count('outbox')) === waiting && isStillHere();
  let asked = askSince(phone, since);
  for (let page = 1; ; page += 1) {
    const answer = await asked;
    if (!answer) return { reached: page > 1 ? 'server' : 'not_tried', more: false };
    if (answer.kind === 'gone') return { reached: 'server', more: false };
    if (answer.kind === 'refused') {
      await heed(phone, answer.status);
      return { reached: 'server', more: false };
    }
    if (answer.kind !== 'ok' || !Array.isArray(answer.data?.items))
      return { reached: 'nobody', more: false };
    const { items, next } = answer.data;
    const more = items.length === PAGE && next !== since;
    const isLast = !more || page === PAGES || !(await goesOn());
    if (!isLast) asked = askSince(phone, next);
    const now: Come = more && come !== 'all' ? 'some' : 'all';
    if (items.length || now !== come) await arrived(phone, items, next, now);
    if (now !== come) tell({ about: 'history' });
    come = now;
    if (isLast || !(await goesOn())) return { reached: 'server', more };
    since = next;
  }
}

/** Null: it was not waited for. */
function askSince(phone: Phone, since: string | null): Promise<Told<ReflectionChanges> | null> {
  const query = new URLSearchParams({ ...(since && { since }), limit: String(PAGE) });
  return new Promise((done, fail) => {
    if (isHurried) return done(null);
    hear = () => done(null);
    want(phone, `/api/reflections/changes?${query}`, null, true, done).catch(fail);
    hasCome(phone);
  });
}

async function heed(phone: Phone, status: number): Promise<void> {
  // A cursor that the server no longer understands: start again; rows are compared by version.
  if (status === 400 || status === 422) await phone.db.delete('meta', CURSOR);
}

/**
 * A page arrived: it is put away with its cursor, in one transaction, so that after a crash neither is ahead of the other.
 * @param come how much has come with it
 */
async function arrived(
  phone: Phone,
  changes: ReflectionChange[],
  next: string,
  come: Come,
): Promise<void> {
  const arriving = await inBatches(changes, (change) => sealedWith(phone.key, change));
  const put = await named(() => {
    const transaction = phone.db.transaction(['reflections', 'outbox', 'meta'], 'readwrite');
    return allOrNothing(transaction, async () => {
      const items = transaction.objectStore('reflections');
      const waiting = new Set(await transaction.objectStore('outbox').getAllKeys());
      // Words of the author's that are not sent yet are never overwritten; the send itself will meet the newer version.
      const free = arriving.filter(({ id }) => !waiting.has(keyOf('reflections', id)));
      const here = changes.length ? await rowsOf(items, idsOf(changes)) : [];
      const versions = new Map(here.map(({ id, version }) => [id, version ?? 0]));
      const meta = transaction.objectStore('meta');
      await meta.put({ key: CURSOR, value: next });
      await (come === 'some' ? meta.put({ key: COMING, value: true }) : meta.delete(COMING));
      const isNews = ({ id, version, sealed }: Arriving) =>
        !sealed || (versions.get(id) ?? 0) < version;
      const news = free.filter(isNews);
      for (let at = 0; at < news.length; at += AT_ONCE)
        await putAway(items, news.slice(at, at + AT_ONCE));
      return new Set(news.filter(({ sealed }) => sealed).map(({ id }) => id));
    });
  });
  const fresh = changes.filter(({ id }) => put.has(id));
  const rest = changes.filter(({ id }) => !put.has(id));
  if (fresh.length) {
    tellOfFresh({ phone, changes: fresh });
    tellOthers({ about: 'reflections', ids: idsOf(fresh) });
  }
  if (rest.length) tell({ about: 'reflections', ids: idsOf(rest) });
}

const idsOf = (changes: readonly ReflectionChange[]): string[] => changes.map(({ id }) => id);

type Items = IDBPObjectStore<
  Words,
  ('reflections' | 'outbox' | 'meta')[],
  'reflections',
  'readwrite'
>;

/** Only the last is waited for: what the phone says of each of years would cost as much as putting it away. */
async function putAway(store: Items, some: readonly Arriving[]): Promise<void> {
  const items = unwrap(store);
  const asked = some.map(({ id, version, sealed }): IDBRequest =>
    sealed ? items.put({ id, version, sealed }) : items.delete(id),
  );
  await wrap(asked.at(-1)!);
}

interface Arriving {
  id: string;
  version: number;
  /** Null: deleted there. */
  sealed: Sealed | null;
}

async function sealedWith(key: Key, change: ReflectionChange): Promise<Arriving> {
  const { id, version, deleted, reflection } = change;
  return { id, version, sealed: deleted || !reflection ? null : await seal(key, reflection) };
}
