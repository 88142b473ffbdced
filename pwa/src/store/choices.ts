/** What the author decides about an item that could not simply be sent. */
import type { ItemKind, Phone } from './database';
import { changeItem } from './items';

/** After a conflict (or for a parked item): whose words stand. The other's are gone from here after it. */
export async function choose(
  phone: Phone,
  kind: ItemKind,
  id: string,
  whose: 'mine' | 'theirs',
): Promise<void> {
  await changeItem(phone, kind, id, (item, row) => {
    if (!item || !row) return null;
    if (whose === 'theirs') {
      // Never on the server, or deleted there: theirs is nothing.
      if (!item.theirs)
        return row.problem?.reason === 'deleted' || row.base === null
          ? { item: null, row: null }
          : null;
      return { item: { id, version: row.base, sealed: item.theirs }, row: null };
    }
    const { theirs: _seen, ...mine } = item;
    return { item: mine, row: { ...row, ...FRESH, revision: row.revision + 1 } };
  });
}

/** Send a parked item again as it is. */
export async function tryAgain(phone: Phone, kind: ItemKind, id: string): Promise<void> {
  await changeItem(phone, kind, id, (item, row) =>
    item && row ? { item, row: { ...row, ...FRESH, revision: row.revision + 1 } } : null,
  );
}

const FRESH = { state: 'waiting', problem: null, tries: 0, not_before: 0, guessed: true } as const;
