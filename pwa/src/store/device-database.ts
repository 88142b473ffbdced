/** The small database that is open before anybody's own is: facts about this phone, and keys. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Place } from './halves';

/** Half of a key, and where the other one is; where there is no other place, here. */
export type StoredKey =
  CryptoKey | { base: CryptoKey; place?: Place; half?: Uint8Array<ArrayBuffer> };

interface Device extends DBSchema {
  facts: { key: string; value: unknown };
  keys: { key: string; value: StoredKey };
}

const NAME = 'alongside';
let opened: Promise<IDBPDatabase<Device>> | null = null;

export function device(): Promise<IDBPDatabase<Device>> {
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
