/** What stands on the lock screen: notifications that this app showed, each by the notice it came from. */
import type { Ref } from './copies';

/** `timestamp`: since when it is shown, in ms. Not in TypeScript's library: not every browser tells. */
type Shown = Pick<Notification, 'data' | 'close'> & { tag?: string; timestamp?: number };

/** What of a ServiceWorkerRegistration is needed. */
export interface Notifications {
  getNotifications(): Promise<readonly Shown[]>;
}

/** The tag of what somebody sent themselves to try a device (backend/devices/rules.py). */
const TRIED = 'test';

export async function refsShown(notifications: Notifications | null): Promise<Ref[]> {
  return (await all(notifications)).map(noticeOf).filter((ref) => ref !== null);
}

/** Take away those whose notice is gone. */
export async function close(
  notifications: Notifications | null,
  gone: ReadonlySet<Ref>,
): Promise<void> {
  for (const one of await all(notifications)) {
    const ref = noticeOf(one);
    if (ref && gone.has(ref)) one.close();
  }
}

/**
 * Take away those that have done their work, of what is shown since before `heardAt`: each whose notice is not among
 * the unread, and where nothing is unread also those that tell of several.
 */
export async function closeRead(
  notifications: Notifications | null,
  unread: ReadonlySet<Ref>,
  heardAt: number,
): Promise<void> {
  for (const one of await all(notifications)) {
    const ref = noticeOf(one);
    const isRead = ref ? !unread.has(ref) : unread.size === 0 && one.tag !== TRIED;
    if (isRead && (one.timestamp ?? Infinity) < heardAt) one.close();
  }
}

async function all(notifications: Notifications | null) {
  // Not every browser tells what it shows.
  return (await notifications?.getNotifications().catch(() => [])) ?? [];
}

/** Its way in names the notice: `/reflections/1?notice=2`. */
function noticeOf({ data }: Shown): Ref | null {
  const path = (data as { path?: unknown } | null)?.path;
  if (typeof path !== 'string') return null;
  const id = new URLSearchParams(path.split('?')[1]?.split('#')[0]).get('notice');
  return id && /^[\da-f-]{36}$/.test(id) ? `notice/${id}` : null;
}
