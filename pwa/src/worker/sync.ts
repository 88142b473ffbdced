/** The worker's share in sending: when signal is back and no page is open, the browser wakes us. */
import { drain } from '../store/outbox';

/** Handle a Background Sync event: `addEventListener('sync', (event) => event.waitUntil(onSync(event.tag)))`. */
export async function onSync(tag: string): Promise<void> {
  if (tag !== 'outbox') return;
  const { waiting, reached } = await drain(true);
  // A rejection is how the browser learns that it should wake us again.
  if (waiting > 0 && reached === 'nobody') throw new Error('still no signal');
}
