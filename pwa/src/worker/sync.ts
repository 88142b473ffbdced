/** The worker's share in sending: when signal is back and no page is open, the browser wakes us. */
import { whoIsSignedIn } from '../store/device';
import { finishLeaving, wiping } from '../store/leaving';
import { exclusively } from '../store/lock';
import { drain } from '../store/outbox';
import { forgetShell, SIGN_OUT_TAG } from '../store/shell-leftovers';

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

/** After a push: the session may have been ended meanwhile, and this is the first that the phone hears from us. */
export async function lookWhetherEnded(): Promise<void> {
  await drain().catch(() => null);
  await wiping();
}
