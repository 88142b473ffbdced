import { KEEP, TAKE_OVER } from '../core/worker-messages';
import { KNOWN } from '../kinds';
import { source } from '../store/kinds-source';
import { onPush, onTap, pathIn, type Windows } from './push';
import { onSubscriptionChange, type PushSubscriptionChange } from './renew';
import { afterPush, onSync } from './sync';
import {
  cacheName,
  fileFor,
  forgetOlderShells,
  keepPart,
  keepParts,
  keepShell,
  partOf,
  type Shell,
} from './shell';

declare const self: ServiceWorkerGlobalScope;

/** Put in by the build (build/precache.ts). */
declare const BUILT_SHELL: Shell;

/** Background Sync is not in TypeScript's library: not every browser has it. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const shell = BUILT_SHELL;

source.load = async () => ({ KNOWN });

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
  const parts = (event.data as { [KEEP]?: string[] | 'all' } | null)?.[KEEP];
  if (!parts) return;
  // A page that was on its way while this worker took over, or was opened past it, is nobody's until now.
  event.waitUntil(self.clients.claim().catch(() => undefined));
  // Without signal nothing is lost: it is asked for again, or fetched when its screen is opened.
  event.waitUntil(keepParts(shell, parts).catch(() => undefined));
});

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  sync.waitUntil(isSeen().then((seen) => onSync(sync.tag, seen)));
});

/** Whether a page of ours is in view. */
async function isSeen(): Promise<boolean> {
  const pages = await self.clients.matchAll({ type: 'window' }).catch(() => []);
  return pages.some(({ visibilityState }) => visibilityState === 'visible');
}

self.addEventListener('push', (event) => {
  const shown = onPush(event.data, self.registration, self.location.origin);
  event.waitUntil(shown.finally(() => afterPush(self.registration)));
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
  const here = await inCache(path);
  if (here) return here;
  const part = partOf(shell, path);
  if (part) await opened(part);
  // The browser may have taken the cache back to make room, or somebody has signed out: then the network has to do.
  return (await inCache(path)) ?? fetch(request);
}

/** Without making a cache where none is (any more). */
function inCache(path: string): Promise<Response | undefined> {
  return caches.match(path, { cacheName: cacheName(shell) });
}

/** A screen of this part is opened for the first time: it is kept from now on, in the version that waits too. */
async function opened(part: string): Promise<void> {
  await keepPart(shell, part);
  const { installing, waiting } = self.registration;
  for (const next of [installing, waiting]) {
    // To a worker of our own, not to a frame: there is no origin to name.
    // eslint-disable-next-line unicorn/require-post-message-target-origin
    next?.postMessage({ [KEEP]: [part] });
  }
}
