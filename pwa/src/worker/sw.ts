import { TAKE_OVER } from './messages';
import { onPush, onTap, pathIn, type Windows } from './push';
import { onSubscriptionChange, type PushSubscriptionChange } from './renew';
import { lookWhetherEnded, onSync } from './sync';
import { cacheName, fileFor, forgetOlderShells, keepShell, type Shell } from './shell';

declare const self: ServiceWorkerGlobalScope;

/** Put in by the build (build/precache.ts). */
declare const BUILT_SHELL: Shell;

/** Background Sync is not in TypeScript's library: not every browser has it. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const shell = BUILT_SHELL;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell(shell));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlderShells(shell).then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const path = fileFor(event.request, self.location.origin, shell);
  if (path) event.respondWith(kept(path, event.request));
});

// The only way in for a new version while the app is open: a person said yes (core/updates).
self.addEventListener('message', (event) => {
  if (event.data === TAKE_OVER) void self.skipWaiting();
});

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  sync.waitUntil(onSync(sync.tag));
});

self.addEventListener('push', (event) => {
  const shown = onPush(event.data, self.registration, self.location.origin);
  event.waitUntil(shown.finally(lookWhetherEnded));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path = pathIn(event.notification.data?.path, self.location.origin);
  event.waitUntil(onTap(path, self.clients as unknown as Windows));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  const change = event as ExtendableEvent & PushSubscriptionChange;
  change.waitUntil(onSubscriptionChange(change, self.registration.pushManager));
});

async function kept(path: string, request: Request): Promise<Response> {
  // The browser may have taken the cache back to make room, or somebody has signed out: then the network has to do.
  return (await caches.match(path, { cacheName: cacheName(shell) })) ?? fetch(request);
}
