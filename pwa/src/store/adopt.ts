/** Items that only a list showed so far: for what two people share. */
import type { ItemKind, Phone } from './database';
import { changeItem } from './items';
import { seal } from './seal';

/** Keep what the server has, unless this phone holds it already. Nothing is to be sent of it. */
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
