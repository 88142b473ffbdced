/** Ask the browser, once, not to clear this site's store when the phone runs short of room. */
import type { Phone } from './database';

const ASKED = 'asked_to_stay';

/** Call after the first save: a browser may ask the person, and by then they know what for. */
export async function askToStay(phone: Phone): Promise<void> {
  const transaction = phone.db.transaction('meta', 'readwrite');
  const asked = await transaction.store.get(ASKED);
  if (!asked) await transaction.store.put({ key: ASKED, value: true });
  await transaction.done;
  if (!asked) await navigator.storage?.persist?.().catch(() => false);
}
