// The kill switch: served at /sw.js instead of the worker (docs/decisions/phone-shell.md says how),
// it takes the broken worker's place at the next check, removes every cache and unregisters. Open
// pages reload once, as for any new version; IndexedDB, with words that may not be sent yet, stays,
// and so do the keys to them, where they are in a cache (store/halves.ts: KEY_CACHE).

const worker = self as unknown as ServiceWorkerGlobalScope;

/** How long the broken worker has to end what it is at before its place is asked for again, in ms. */
const AGAIN = 1_000;

let asking = 0;

worker.addEventListener('install', (event) => {
  event.waitUntil(worker.skipWaiting());
  // Where the broken worker is just being started, Chromium may miss it and let both wait for good.
  asking = setInterval(() => void worker.skipWaiting(), AGAIN);
});

worker.addEventListener('activate', (event) => {
  clearInterval(asking);
  event.waitUntil(standDown());
});

async function standDown(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name !== 'alongside-keys');
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.clients.claim();
  await worker.registration.unregister();
}
