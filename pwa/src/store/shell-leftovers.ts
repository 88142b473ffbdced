/** What a browser keeps for this site beside the database: worker, caches, notifications, small storage. */
import { KEY_CACHE } from './halves';

/** The tag under which the browser wakes the worker to send what waits. */
export const OUTBOX_TAG = 'outbox';
/** The tag under which the browser wakes the worker to tell the server of a sign-out. */
export const SIGN_OUT_TAG = 'sign-out';

/** Parts of a registration that TypeScript's library does not know, or only in one of page and worker. */
type Registration = ServiceWorkerRegistration & {
  sync?: { register(tag: string): Promise<void> };
};

async function registrations(): Promise<readonly Registration[]> {
  const own = (globalThis as { registration?: Registration }).registration;
  if (own) return [own];
  return (await navigator.serviceWorker?.getRegistrations()) ?? [];
}

/** No notification comes here any more, and none stays on the screen. */
export async function stopNotifications(): Promise<void> {
  for (const registration of await registrations()) {
    const subscription = await registration.pushManager?.getSubscription().catch(() => null);
    await subscription?.unsubscribe().catch(() => false);
    const shown = (await registration.getNotifications?.().catch(() => [])) ?? [];
    shown.forEach((one) => one.close());
  }
  await (navigator as { clearAppBadge?(): Promise<void> }).clearAppBadge?.().catch(() => undefined);
}

/** The app itself, but nobody's keys: the next start fetches it again. */
export async function forgetShell(): Promise<void> {
  for (const registration of await registrations()) await registration.unregister();
  for (const name of (await globalThis.caches?.keys()) ?? [])
    if (name !== KEY_CACHE) await caches.delete(name);
}

/** Have the worker woken when there is signal, also if nobody opens the app. False where browsers cannot. */
export async function askForWake(tag: string): Promise<boolean> {
  try {
    const [registration] = await registrations();
    if (!registration?.sync || !registration.active) return false;
    await registration.sync.register(tag);
    return true;
  } catch {
    return false;
  }
}

export async function clearBrowser(): Promise<void> {
  const { localStorage, sessionStorage } = globalThis as Partial<
    Record<'localStorage' | 'sessionStorage', { clear(): void }>
  >;
  localStorage?.clear();
  sessionStorage?.clear();
  await stopNotifications();
  await forgetShell();
}
