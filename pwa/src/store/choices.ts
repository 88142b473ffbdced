/** What the author decides about an item besides its words: that it goes, that it stays, whose text it is to be. */
import type { ItemKind, ItemRow, Phone } from './database';
import { asked, changeItem, newRow, readItem } from './items';
import { kindOf } from './kinds';
import { seal } from './seal';

/** After a conflict (or for a parked item): whose words stand. The other's are gone from here after it. */
export async function choose(
  phone: Phone,
  kind: ItemKind,
  id: string,
  whose: 'mine' | 'theirs',
): Promise<void> {
  const gone = whose === 'theirs' ? await goneOf(phone, kind, id) : null;
  await changeItem(phone, kind, id, (item, row) => {
    if (!item || !row) return null;
    if (whose === 'theirs') {
      // Never on the server, or deleted there: theirs is nothing.
      if (!item.theirs)
        return row.problem?.reason === 'deleted' || row.base === null
          ? { item: gone, row: null }
          : null;
      return { item: { id, version: row.base, sealed: item.theirs }, row: null };
    }
    const { theirs: _seen, ...mine } = item;
    return { item: mine, row: { ...row, ...FRESH, revision: row.revision + 1 } };
  });
}

/** As `remainsOf`, of one that the server may have no more; null where no list is to hear of it. */
async function goneOf(phone: Phone, kind: ItemKind, id: string): Promise<ItemRow | null> {
  const kept = await readItem(phone, kind, id);
  // Nothing of the server's is to take its place.
  if (!kept || kept.theirs !== undefined) return null;
  const { listedBy } = await kindOf(kind);
  return listedBy && remainsOf(phone, id, kept.value, listedBy);
}

/** What is left of an item that the server has no more, until its lists know. */
export async function remainsOf(
  phone: Phone,
  id: string,
  value: unknown,
  listedBy: readonly string[],
): Promise<ItemRow> {
  const all = value as Record<string, unknown>;
  const rest = Object.fromEntries(listedBy.map((field) => [field, all[field]]));
  return { id, version: null, sealed: await seal(phone.key, rest), isGone: true };
}

/** Send a parked item again as it is. */
export async function tryAgain(phone: Phone, kind: ItemKind, id: string): Promise<void> {
  await changeItem(phone, kind, id, (item, row) =>
    item && row ? { item, row: { ...row, ...FRESH, revision: row.revision + 1 } } : null,
  );
}

/**
 * Take the item away. One that never left the phone is gone at once; else the server is told.
 * @param listed the item as the server listed it, where it may not be on this phone yet
 */
export async function removeItem<T>(
  phone: Phone,
  kind: ItemKind,
  id: string,
  listed?: { value: T; version: number },
): Promise<void> {
  const adopted = listed && {
    id,
    version: listed.version,
    sealed: await seal(phone.key, listed.value),
  };
  await changeItem(phone, kind, id, (here, row) => {
    const item = here ?? adopted ?? null;
    const unseen = (item?.version ?? null) === null && !row?.base && !row?.attempted.length;
    if (!item || unseen) return { item: null, row: null };
    return { item, row: { ...(row ?? newRow(kind, id, item.version)), ...asked('delete', row) } };
  });
}

/**
 * Take back that it was to be taken away, while that is only a wish of this phone. Should it have reached the server
 * all the same, its next answer says so.
 */
export async function takeBackRemoval(phone: Phone, kind: ItemKind, id: string): Promise<void> {
  await changeItem(phone, kind, id, (item, row) => {
    if (!item || row?.intent !== 'delete') return null;
    const isKnown = item.version !== null || row.base !== null;
    return { item, row: isKnown ? null : { ...row, ...asked('put', row) } };
  });
}

/** Forget it here, sent or not, and whatever was to be sent of it. */
export async function forgetItem(phone: Phone, kind: ItemKind, id: string): Promise<void> {
  await changeItem(phone, kind, id, () => ({ item: null, row: null }));
}

const FRESH = { state: 'waiting', problem: null, tries: 0, not_before: 0, guessed: true } as const;
