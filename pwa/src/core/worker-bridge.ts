/** The one place where the page speaks with its service worker. */

const WORKER = '/sw.js';

/** Trusted Types are on: the worker's address has to come out of a named policy. */
function workerUrl(): string {
  const policy = window.trustedTypes?.createPolicy('alongside-worker', {
    createScriptURL: (url) => {
      if (url !== WORKER) throw new TypeError('Only our own worker may be started');
      return url;
    },
  });
  return (policy?.createScriptURL(WORKER) ?? WORKER) as string;
}

/** Starts (or finds) the worker; null where there is none: private windows, old browsers, development. */
export async function startWorker(): Promise<ServiceWorkerRegistration | null> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return null;
  try {
    return await navigator.serviceWorker.register(workerUrl(), { updateViaCache: 'none' });
  } catch {
    // Without a worker the app still works, only not without a network.
    return null;
  }
}
