/** Somebody is here, as the server says: what is written on the phone then. Behind `leaving.ts`, which comes before any arrival. */
import type { Me } from '../api/shapes';
import { openPhone } from './database';
import { whoIsSignedIn, writeFarewell, writeHalfSignIn, writeSignedIn } from './device';
import { newId } from './ids';
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
  const before = await whoIsSignedIn();
  // While somebody signs in nobody is confirmed: whoever is has only been asked about.
  const isKnown = before?.id === person.id && before.confirmed && !before.ended;
  const sign_in = isKnown ? before.sign_in : newId();
  await writeSignedIn({ id: person.id, confirmed: true, ended: false, sign_in });
  await writeHalfSignIn(null);
  await writeFarewell(null);
  await sayAnew(phone);
  await forgetOthers(person.id);
}
