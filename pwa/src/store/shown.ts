/** What stands on the lock screen: notifications that this app showed, each by the notice it came from. */
import type { Ref } from './copies';

/** What of a ServiceWorkerRegistration is needed. */
export interface Notifications {
  getNotifications(): Promise<readonly Pick<Notification, 'data' | 'close'>[]>;
}

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

async function all(notifications: Notifications | null) {
  // Not every browser tells what it shows.
  return (await notifications?.getNotifications().catch(() => [])) ?? [];
}

/** Its way in names the notice: `/reflections/1?notice=2`. */
function noticeOf({ data }: Pick<Notification, 'data'>): Ref | null {
  const path = (data as { path?: unknown } | null)?.path;
  if (typeof path !== 'string') return null;
  const id = new URLSearchParams(path.split('?')[1]?.split('#')[0]).get('notice');
  return id && /^[\da-f-]{36}$/.test(id) ? `notice/${id}` : null;
}
