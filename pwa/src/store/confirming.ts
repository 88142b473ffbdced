/** Who the server thinks we are. */
import type { Me } from '../api/shapes';
import { askAs } from './asking';
import type { Phone } from './database';
import { whoIsSignedIn, type SignedIn } from './device';
import { PROFILE, readItem } from './items';
import { finishLeaving } from './leaving';
import { exclusively } from './lock';
import { session } from './session.svelte';
import { forget, hear } from './sync';

/**
 * Ask it, and write down what it says. What came with everything else is believed where it says what is known: nobody was held up
 * for it, so somebody else may have signed in since it was asked. Anything else is asked while nobody can.
 * @returns whether it was not known who is here
 */
export async function confirm(
  phone: Phone | null,
  arrive: (person: Me) => Promise<void>,
): Promise<boolean> {
  session.onLeave(forget);
  const isKnown = phone && isSettled(await whoIsSignedIn(), phone.personId);
  const heard = isKnown ? await hear<Me>(phone, '/api/me').catch(() => null) : null;
  return exclusively(async () => {
    await finishLeaving();
    const who = await whoIsSignedIn();
    if (!who) return false;
    const wasKnown = isSettled(who, who.id);
    if (phone && heard && wasKnown && heard.id === who.id && (await isNoOlder(phone, heard))) {
      await arrive(heard);
      return false;
    }
    const answer = await askAs<Me>(who, 'GET', '/api/me');
    if (answer.kind === 'ok' && typeof answer.data?.id === 'string') await arrive(answer.data);
    return !wasKnown;
  });
}

const isSettled = (who: SignedIn | null, id: string): boolean =>
  who?.id === id && who.confirmed && !who.ended;

/** A change of the profile may have been sent meanwhile. */
async function isNoOlder(phone: Phone, { version }: Me): Promise<boolean> {
  const kept = await readItem(phone, 'profile', PROFILE);
  return (kept?.version ?? 0) <= version;
}
