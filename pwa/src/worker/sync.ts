/** The worker's share in sending: when signal is back and no page is open, the browser wakes us. */
import { drain } from '../store/outbox';

/** Handle a Background Sync event: `addEventListener('sync', (event) => event.waitUntil(onSync(event.tag)))`. */
export async function onSync(tag: string): Promise<void> {
  if (tag !== 'outbox') return;
  const { nextAt } = await drain(true);
  // A rejection is how the browser learns that it should wake us again.
  if (nextAt !== null) throw new Error('something still waits');
}
