import { TAKE_OVER } from './messages';
import { cacheName, fileFor, forgetOlderShells, keepShell, type Shell } from './shell';

declare const self: ServiceWorkerGlobalScope;

/** Put in by the build (build/precache.ts). */
declare const __SHELL__: Shell;

const shell = __SHELL__;

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

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName(shell));
  // The browser may have taken the cache back to make room; then the network has to do.
  return (await cache.match(path)) ?? fetch(request);
}
