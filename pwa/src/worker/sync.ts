/** The worker's share in sending: when signal is back and no page is open, the browser wakes us. */
import { CONFIRMED } from '../store/age';
import { whoIsSignedIn } from '../store/device';
import { finishLeaving, wiping } from '../store/leaving';
import { exclusively } from '../store/lock';
import { drain, look, maySend } from '../store/outbox';
import { forgetShell, OUTBOX_TAG, SIGN_OUT_TAG } from '../store/shell-leftovers';
import type { Notifications } from '../store/shown';

/** A push to everybody is no reason for everybody to ask what may no longer be seen: at most this often, in ms. */
const SELDOM = 6 * 3_600_000;

/**
 * Handle a Background Sync event: `addEventListener('sync', (event) => event.waitUntil(onSync(event.tag, …)))`.
 * @param isSeen a page is in view: what it has sent meanwhile it has followed by its own question
 */
export async function onSync(tag: string, isSeen = false): Promise<void> {
  if (tag === SIGN_OUT_TAG) return signOut();
  if (tag !== OUTBOX_TAG) return;
  const { nextAt } = await drain(true, isSeen);
  await wiping();
  // A rejection is how the browser learns that it should wake us again.
  if (nextAt !== null) throw new Error('something still waits');
}

/** Somebody signed out without signal. The server is told now, and then nothing of the app is left here either. */
async function signOut(): Promise<void> {
  if (!(await exclusively(finishLeaving))) throw new Error('the server does not know yet');
  if (!(await whoIsSignedIn())) await forgetShell();
}

/**
 * After a push there is signal, and this may be the first that the phone hears from us for long: its
 * session may have been ended meanwhile, and what others took back may still be on it.
 */
export async function afterPush(notifications: Notifications): Promise<void> {
  // A newer version of the app may have the store by now.
  const phone = await maySend().catch(() => null);
  const last = Number((await phone?.db.get('meta', CONFIRMED))?.value ?? 0);
  const withoutHeld = Date.now() - last < SELDOM;
  const looked = phone && look(phone, { notifications, withoutHeld });
  await drain().catch(() => null);
  await looked;
  await wiping();
}
