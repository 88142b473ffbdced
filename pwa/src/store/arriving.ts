/** Somebody is here, as the server says: what is written on the phone then. Behind `leaving.ts`, which comes before any arrival. */
import type { Me } from '../api/shapes';
import { openPhone } from './database';
import { writeFarewell, writeHalfSignIn, writeSignedIn } from './device';
import { changeItem, PROFILE, type ProfileItem } from './items';
import { seal } from './seal';
import { sayAnew } from './subscription';
import { forgetOthers } from './unsent-left';

export async function arrive(person: Me): Promise<void> {
  const phone = await openPhone(person.id);
  const sealed = await seal(phone.key, { me: person, change: {} } satisfies ProfileItem);
  await changeItem(phone, 'profile', PROFILE, (item, row) =>
    row ? null : { item: { ...item, id: PROFILE, version: person.version, sealed }, row: null },
  );
  await writeSignedIn({ id: person.id, confirmed: true, ended: false });
  await writeHalfSignIn(null);
  await writeFarewell(null);
  await sayAnew(phone);
  await forgetOthers(person.id);
}
