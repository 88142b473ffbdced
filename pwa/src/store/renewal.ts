/** A person's store under a younger key: everything is sealed anew, in one transaction, and the older keys go. */
import { forgetOlderKeys } from './clearing';
import type { ItemRow, WordsDatabase } from './database';
import { older as olderIds, opened } from './keys';
import { allOrNothing } from './problems';
import { bytesIn, sealBytes, type Sealed } from './seal';

/** Rows that hold something sealed, of whatever store. */
type Row = Pick<ItemRow, 'sealed' | 'theirs'>;

/** Cut off at any moment, it is done again from the beginning, and nothing is lost. */
export async function renewSeals(
  personId: string,
  db: WordsDatabase,
  key: CryptoKey,
): Promise<void> {
  const older = await olderKeys(personId);
  const names = [...db.objectStoreNames];
  const rows = await Promise.all(
    names.map(async (name) => renewed(await all(db, name), older, key)),
  );
  const transaction = db.transaction(names, 'readwrite', { durability: 'strict' });
  await allOrNothing(transaction, async () => {
    for (const [i, name] of names.entries())
      for (const row of rows[i]!) await transaction.objectStore(name).put(row as never);
  });
  await forgetOlderKeys(personId);
}

/** Older keys of that name: what they sealed waits to be sealed anew. */
async function olderKeys(name: string): Promise<CryptoKey[]> {
  const keys = await Promise.all((await olderIds(name)).map((id) => opened(id).catch(() => null)));
  return keys.filter((key) => key !== null);
}

const all = async (db: WordsDatabase, name: WordsDatabase['objectStoreNames'][number]) =>
  (await db.getAll(name)) as object[];

async function renewed(rows: object[], older: CryptoKey[], key: CryptoKey): Promise<Row[]> {
  const found: Row[] = [];
  for (const row of rows.filter(isSealed)) {
    const sealed = await sealAnew(row.sealed, older, key);
    const theirs = row.theirs && (await sealAnew(row.theirs, older, key));
    if (sealed || theirs)
      found.push({ ...row, sealed: sealed ?? row.sealed, ...(theirs ? { theirs } : {}) });
  }
  return found;
}

/**
 * The same words under another key.
 * @returns null when they are sealed with it already, or no key opens them
 */
async function sealAnew(
  sealed: Sealed,
  older: readonly CryptoKey[],
  key: CryptoKey,
): Promise<Sealed | null> {
  for (const one of older) {
    const bytes = await bytesIn(one, sealed).catch(() => null);
    if (bytes) return sealBytes(key, bytes);
  }
  return null;
}

const isSealed = (row: object): row is Row =>
  'sealed' in row && (row.sealed as Partial<Sealed>)?.data !== undefined;
