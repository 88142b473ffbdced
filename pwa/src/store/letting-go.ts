/**
 * Copies of what others made, and how they leave this phone: the server is asked in one question which
 * of them may still be seen, what it has not confirmed for long goes by itself, and a cohort that
 * was left goes at once. Shared by the page and the service worker; knows nothing of the screen.
 */
import { ask } from '../api/client';
import type { components } from '../api/schema';
import { CONFIRMED, isTooOld, notToCome } from './age';
import {
  kept,
  keptItem,
  refAt,
  refsIn,
  refsInItem,
  type Judge,
  type Ref,
  type Shape,
} from './copies';
import { openPhone, type ItemKind, type ItemRow, type Phone, type ResourceRow } from './database';
import { whoIsSignedIn } from './device';
import { changeItem, keyOf } from './items';
import { isSame } from './kept-answers';
import { allKinds } from './kinds';
import { exclusively } from './lock';
import { living } from './living';
import { listen, tell, type News } from './news';
import { seal, unseal, type Sealed } from './seal';
import { close, refsShown, type Notifications } from './shown';
import { unkeptOf } from './unkept';

type Held = components['schemas']['HeldIn'];
type Gone = components['schemas']['SyncOut'];

/** The server reads no longer question; a group counts as one more. */
const MOST = 1_900;
export const LOCK = 'alongside-copies';
/** In the phone's database: since when the days are counted of what was never confirmed, in ms. */
const COUNTED_FROM = 'copies_counted_from';

/**
 * Ask about everything that is held here, and let go of what may no longer be seen.
 * Any number of tabs and the worker may call this at once: they take turns. Safe to repeat.
 * @param notifications what stands on the lock screen, where that can be asked
 * @returns whether the server has answered for all of it
 */
export function askWhatMayStay(
  phone: Phone,
  notifications: Notifications | null = null,
): Promise<boolean> {
  return exclusively(() => askInParts(phone, notifications), LOCK);
}

async function askInParts(phone: Phone, notifications: Notifications | null): Promise<boolean> {
  const askedAt = Date.now();
  const gone: Gone['gone'] = [];
  for (const held of questions(await refsHeld(phone, notifications))) {
    const answer = await ask<Gone>('POST', '/api/sync', { body: { held } });
    // Somebody else may have signed in meanwhile: what they may see says nothing of these copies.
    if (!(await isStillHere(phone))) return false;
    if (answer.kind !== 'ok' || !Array.isArray(answer.data?.gone)) {
      await letGoOf(phone, notifications, gone);
      return false;
    }
    gone.push(...answer.data.gone);
  }
  await letGoOf(phone, notifications, gone);
  await noteAnswered(phone, askedAt);
  return true;
}

/** Everything that is held here, as one question asks for it; null where that takes more than one. */
export async function heldWhole(
  phone: Phone,
  notifications: Notifications | null,
): Promise<Held[] | null> {
  const [whole = [], ...more] = questions(await refsHeld(phone, notifications));
  return more.length ? null : whole;
}

/** Of what was held here this may not be seen any more, as the server has just said. */
export async function letGoOf(
  phone: Phone,
  notifications: Notifications | null,
  groups: Gone['gone'],
): Promise<void> {
  const gone = new Set(groups.flatMap(refsOf));
  if (!gone.size) return;
  await letGo(phone, gone);
  await close(notifications, gone);
}

/**
 * The server says of these addresses that what is there may not be seen (any more): it goes from all its other answers,
 * too. Not from what I wrote: that may have arrived only after it was asked for.
 */
export async function letGoOfThingsAt(phone: Phone, paths: readonly string[]): Promise<void> {
  if (!paths.length) return;
  const looks = await allKinds();
  const gone = paths.map((path) => refAt(path, looks)).filter((ref) => ref !== null);
  if (gone.length) await letGoInAnswers(phone, new Set(gone));
}

/** The server has answered for all that was held here at that moment, in ms. */
export async function noteAnswered({ db }: Phone, askedAt: number): Promise<void> {
  await db.put('meta', { key: CONFIRMED, value: askedAt });
}

/** Whether the server's session is known to be that of the person whose phone this is. */
export async function isStillHere({ personId }: Phone): Promise<boolean> {
  const who = await whoIsSignedIn();
  return who?.id === personId && who.confirmed;
}

/**
 * Everything of a cohort that this person has left, but what is theirs, or between them and one other. At once,
 * whoever asks at this moment what may no longer be seen: that may take as long as a line that is bad.
 */
export async function letGoOfCohort(phone: Phone, cohortId: string): Promise<void> {
  await letGo(phone, new Set<Ref>([`cohort/${cohortId}`]));
  // Who said these in which cohort is not written on them; they come again for whoever may see them.
  const paths = await phone.db.getAllKeys('resources');
  const said = paths.filter((path) => /^\/api\/reflections\/[^/]+\/responses$/.test(path));
  await Promise.all(said.map((path) => phone.db.delete('resources', path)));
  if (said.length) tell({ about: 'resources', ids: said });
}

/** What the server has not confirmed for too long goes, with signal or without. */
export async function letGoOfOld(phone: Phone, now = Date.now()): Promise<void> {
  const { db } = phone;
  const confirmedAt = await momentAt(phone, CONFIRMED, now);
  for (const row of await db.getAll('resources')) {
    if (isTooOld(row.kept_at, confirmedAt, now)) await replace(phone, row, null);
    // A clock that ran ahead must not keep it for years: its thirty days begin now.
    else if (row.kept_at > now) await db.put('resources', { ...row, kept_at: now });
  }
  // Items of mine carry no time: they hold others' words no longer than the copies beside them.
  const since = confirmedAt ?? (await momentAt(phone, COUNTED_FROM, now));
  if (since !== null && !isTooOld(0, since, now)) return;
  if (since !== null) await letGoBesideMine(phone);
  if (confirmedAt === null) await db.put('meta', { key: COUNTED_FROM, value: now });
}

/** A moment of the phone's own database, in ms; null where none stands. */
async function momentAt({ db }: Phone, key: string, now: number): Promise<number | null> {
  const row = await db.get('meta', key);
  if (typeof row?.value !== 'number') return null;
  const at = notToCome(row.value, now);
  if (at !== row.value) await db.put('meta', { key, value: at });
  return at;
}

// --- what is held

async function refsHeld(
  phone: Phone,
  notifications: Notifications | null,
): Promise<ReadonlySet<Ref>> {
  const refs = new Set<Ref>();
  const looks = await allKinds();
  const add = (some: Iterable<Ref>) => [...some].forEach((ref) => refs.add(ref));
  for (const { path, sealed } of await phone.db.getAll('resources'))
    add(refsIn(looks, path, await opened(phone, sealed)));
  for (const { path, value } of unkeptOf(phone)) add(refsIn(looks, path, value));
  for (const [kind, holds] of await copied()) {
    for (const { item, isUnsent } of await itemsOf(phone, kind)) {
      add(refsInItem(await opened(phone, item.sealed), holds, isUnsent));
      if (item.theirs) add(refsInItem(await opened(phone, item.theirs), holds, true));
    }
  }
  add(await refsShown(notifications));
  return refs;
}

/** As the server takes them: by kind, and members by their cohort. */
export function* questions(held: ReadonlySet<Ref>): Generator<Held[]> {
  let groups = new Map<string, Held>();
  let size = 0;
  for (const ref of held) {
    if (size >= MOST) {
      yield [...groups.values()];
      [groups, size] = [new Map(), 0];
    }
    const { kind, cohort_id, id } = read(ref);
    const name = `${kind}/${cohort_id}`;
    const group = groups.get(name);
    if (group) group.ids.push(id);
    else groups.set(name, { kind, cohort_id, ids: [id] });
    size += group ? 1 : 2;
  }
  if (size) yield [...groups.values()];
}

function read(ref: Ref): { kind: Held['kind']; cohort_id: string | null; id: string } {
  const [kind, ...ids] = ref.split('/') as [Held['kind'], ...string[]];
  return { kind, cohort_id: ids.length > 1 ? ids[0]! : null, id: ids.at(-1)! };
}

const refsOf = ({ kind, cohort_id, ids }: Gone['gone'][number]): Ref[] =>
  ids.map((id) => (cohort_id ? `${kind}/${cohort_id}/${id}` : `${kind}/${id}`) as Ref);

// --- letting go

// What this tab let go of, or another one, or the worker.
listen((news) => {
  if (news.about === 'resources') void showLess(news).catch(() => undefined);
});

async function showLess({ ids, gone = [] }: News & { about: 'resources' }): Promise<void> {
  const paths = new Set(ids);
  const who = await whoIsSignedIn();
  const phone = who && (await openPhone(who.id));
  for (const ref of living) {
    const shown = ref.deref();
    if (!shown) living.delete(ref);
    if (!shown || !phone || !paths.has(shown.path)) continue;
    const row = await phone.db.get('resources', shown.path);
    shown.become(row ? await opened(phone, row.sealed) : null);
  }
  if (!phone || !gone.length) return;
  const looks = await allKinds();
  const judge = without(new Set(gone));
  for (const shown of unkeptOf(phone)) {
    const rest = kept(looks, shown.path, shown.value, judge);
    if (rest !== shown.value || rest === null) shown.become(rest);
  }
}

const without =
  (gone: ReadonlySet<Ref>): Judge =>
  (ref) =>
    !gone.has(ref);

async function letGo(phone: Phone, gone: ReadonlySet<Ref>): Promise<void> {
  await letGoInAnswers(phone, gone);
  await letGoInItems(phone, without(gone));
}

async function letGoInAnswers(phone: Phone, gone: ReadonlySet<Ref>): Promise<void> {
  const judge = without(gone);
  const changed: string[] = [];
  for (const path of await phone.db.getAllKeys('resources'))
    if (await letGoIn(phone, path, judge)) changed.push(path);
  // Also where no copy has become less: it may stand on a screen only.
  tell({ about: 'resources', ids: changed, gone: [...gone] });
}

/** Whether there was something to let go of in a kept answer. */
async function letGoIn(phone: Phone, path: string, judge: Judge): Promise<boolean> {
  const looks = await allKinds();
  for (;;) {
    const row = await phone.db.get('resources', path);
    if (!row) return false;
    const value = await opened(phone, row.sealed);
    const rest = kept(looks, path, value, judge);
    if (rest === value && value !== null) return false;
    const sealed = rest === null ? null : await seal(phone.key, rest);
    // The server's next answer may have come meanwhile: then that one is looked through.
    if (await replace(phone, row, sealed)) return true;
  }
}

/** Put less in a row's place, or nothing, if it is still as it was read. */
async function replace(
  phone: Phone,
  row: ResourceRow,
  sealed: ResourceRow['sealed'] | null,
): Promise<boolean> {
  const transaction = phone.db.transaction('resources', 'readwrite');
  const { store } = transaction;
  const now = await store.get(row.path);
  const isStill = isSame(now, row);
  if (isStill) {
    // What is left is no answer of the server's: the next one is asked for whole.
    await (sealed ? store.put({ ...row, etag: null, sealed }) : store.delete(row.path));
  }
  await transaction.done;
  return isStill;
}

/** All that others said in items of mine, or beside them: nobody is asked. */
export const letGoBesideMine = (phone: Phone): Promise<void> => letGoInItems(phone, () => false);

async function letGoInItems(phone: Phone, judge: Judge): Promise<void> {
  let isAgain = false;
  for (const [kind, holds] of await copied()) {
    const ids: string[] = [];
    for (const { item, isUnsent } of await itemsOf(phone, kind)) {
      const less = async (words: Sealed, isMine: boolean): Promise<Sealed | null> => {
        const value = await opened(phone, words);
        const rest = keptItem(value, holds, isMine, judge);
        // Of what is still to be sent nothing of the author's goes, whatever has become of what it is about.
        if (rest === value || (rest === null && isMine)) return words;
        return rest === null ? null : seal(phone.key, rest);
      };
      const sealed = await less(item.sealed, isUnsent);
      // What the server has in its place, while its author is to choose: others spoke in that, too.
      const theirs = item.theirs && (await less(item.theirs, true));
      if (sealed === item.sealed && theirs === item.theirs) continue;
      const isDone = await changeItem(phone, kind, item.id, (now, row) => {
        if (!now || !isAlike(now, item) || Boolean(row) !== isUnsent) return null;
        return { item: sealed && { ...now, sealed, ...(theirs ? { theirs } : {}) }, row };
      });
      if (isDone) ids.push(item.id);
      else isAgain = true;
    }
    if (ids.length) tell({ about: kind, ids });
  }
  // Something else was written, or let go of, in one of them meanwhile.
  if (isAgain) await letGoInItems(phone, judge);
}

const isAlike = (one: ItemRow, other: ItemRow): boolean =>
  one.version === other.version &&
  String(one.sealed.iv) === String(other.sealed.iv) &&
  String(one.theirs?.iv) === String(other.theirs?.iv);

/** The kinds of items of mine that may hold others' words too, and what of theirs. */
async function copied(): Promise<(readonly [ItemKind, Shape])[]> {
  const all = Object.entries((await allKinds()).kinds);
  return all.flatMap(([kind, { holds }]) => (holds ? [[kind as ItemKind, holds] as const] : []));
}

async function itemsOf(
  { db }: Phone,
  kind: ItemKind,
): Promise<{ item: ItemRow; isUnsent: boolean }[]> {
  const transaction = db.transaction([kind, 'outbox']);
  const [items, keys] = await Promise.all([
    transaction.objectStore(kind).getAll(),
    transaction.objectStore('outbox').getAllKeys(),
  ]);
  const unsent = new Set(keys);
  return items
    .filter(({ isGone }) => !isGone)
    .map((item) => ({ item, isUnsent: unsent.has(keyOf(kind, item.id)) }));
}

/** The words in it; null where they can no longer be read. */
const opened = (phone: Phone, sealed: ResourceRow['sealed']): Promise<unknown> =>
  unseal<unknown>(phone.key, sealed).catch(() => null);
