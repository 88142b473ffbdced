/** The worker's share in sending: when signal is back and no page is open, the browser wakes us. */
import { CONFIRMED } from '../store/age';
import { whoIsSignedIn } from '../store/device';
import { finishLeaving, wiping } from '../store/leaving';
import { confirmCopies } from '../store/letting-go';
import { exclusively } from '../store/lock';
import { drain, maySend } from '../store/outbox';
import { forgetShell, SIGN_OUT_TAG } from '../store/shell-leftovers';
import type { Notifications } from '../store/shown';

/** A push to everybody is no reason for everybody to ask: at most this often, in ms. */
const SELDOM = 6 * 3_600_000;

/** Handle a Background Sync event: `addEventListener('sync', (event) => event.waitUntil(onSync(event.tag)))`. */
export async function onSync(tag: string): Promise<void> {
  if (tag === SIGN_OUT_TAG) return signOut();
  if (tag !== 'outbox') return;
  const { nextAt } = await drain(true);
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
  await drain().catch(() => null);
  await wiping();
  await letGoOfCopies(notifications).catch(() => undefined);
}

async function letGoOfCopies(notifications: Notifications): Promise<void> {
  const phone = await maySend();
  const last = await phone?.db.get('meta', CONFIRMED);
  if (phone && Date.now() - Number(last?.value ?? 0) > SELDOM)
    await confirmCopies(phone, notifications);
}
