/** The worker's share in sending: when signal is back and no page is open, the browser wakes us. */
import { CONFIRMED } from '../store/age';
import { confirmCopies } from '../store/letting-go';
import { drain, maySend } from '../store/outbox';
import type { Notifications } from '../store/shown';

/** A push to everybody is no reason for everybody to ask: at most this often, in ms. */
const SELDOM = 6 * 3_600_000;

/** Handle a Background Sync event: `addEventListener('sync', (event) => event.waitUntil(onSync(event.tag)))`. */
export async function onSync(tag: string): Promise<void> {
  if (tag !== 'outbox') return;
  const { nextAt } = await drain(true);
  // A rejection is how the browser learns that it should wake us again.
  if (nextAt !== null) throw new Error('something still waits');
}

/** After a push there is signal: a phone that is hardly opened lets go of what was taken back all the same. */
export async function afterPush(notifications: Notifications): Promise<void> {
  const phone = await maySend();
  const last = await phone?.db.get('meta', CONFIRMED);
  if (phone && Date.now() - Number(last?.value ?? 0) > SELDOM)
    await confirmCopies(phone, notifications);
}
