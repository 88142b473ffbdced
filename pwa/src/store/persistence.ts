/** Ask the browser not to clear this site's store when the phone runs short of room. */
import type { Phone } from './database';

const ASKED = 'asked_to_stay';

/** Firefox asks the person; the others decide by themselves, and show nothing. */
const asksPeople = (): boolean => /Firefox\//.test(navigator.userAgent);

/** Once, after the first save, where nobody is asked anything by it. */
export async function askToStay(phone: Phone): Promise<void> {
  if (asksPeople()) return;
  const transaction = phone.db.transaction('meta', 'readwrite');
  const asked = await transaction.store.get(ASKED);
  if (!asked) await transaction.store.put({ key: ASKED, value: true });
  await transaction.done;
  if (!asked) await persist();
}

/** Whether it is for the person to have the browser asked, by a tap that says what for. */
export async function mayBeAskedToStay(): Promise<boolean> {
  const { storage } = navigator;
  if (!asksPeople() || !storage?.persist) return false;
  return !(await storage.persisted().catch(() => true));
}

/** @returns whether the browser promised; where its question is waved away some never answer */
export async function persist(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}
