/**
 * The rest of the app. After the first visit its core is on the phone; the other parts come when the
 * phone has time, at once where the line costs nothing, else each when its screen is first opened.
 */
import { isLanguage, KEEP } from './worker-messages';
import { updates } from './updates.svelte';
import { startWorker } from './worker-bridge';

/** What a browser may tell about the line; Safari and Firefox tell nothing. */
export interface Line extends EventTarget {
  saveData?: boolean;
  type?: string;
}

/** What this needs of the browser; a test brings its own. */
export interface Phone {
  ready: Promise<Pick<ServiceWorkerRegistration, 'installing' | 'waiting' | 'active'>>;
  line: Line | undefined;
  /** The addresses of what this page has loaded, perhaps before a worker looked after it. */
  loaded: () => string[];
}

/** Starts the worker, which keeps the core; watches for newer versions; and has the rest fetched. */
export async function keepTheWhole(): Promise<void> {
  const registration = await startWorker();
  if (!registration) return;
  updates.watch(registration);
  await keepTheRest(thisPhone());
}

/** Asks the workers for the rest: now, when the line changes, and when signal is back. Answers with the way to stop. */
export async function keepTheRest(phone: Phone): Promise<() => void> {
  const registration = await phone.ready;
  const ask = () => {
    const loaded = namesOf(phone.loaded());
    // Of the languages nobody needs more than the one that is spoken here.
    const wanted = isFree(phone.line) ? ['all' as const, loaded.filter(isLanguage)] : [loaded];
    const { installing, waiting, active } = registration;
    for (const worker of [active, waiting, installing]) {
      // To a worker of our own, not to a frame: there is no origin to name.
      // eslint-disable-next-line unicorn/require-post-message-target-origin
      for (const parts of wanted) if (parts.length) worker?.postMessage({ [KEEP]: parts });
    }
  };
  ask();
  phone.line?.addEventListener('change', ask);
  addEventListener('online', ask);
  return () => removeEventListener('online', ask);
}

/** Where nothing is known of the line it counts as one that costs nothing. */
export function isFree(line: Line | undefined): boolean {
  return !line?.saveData && line?.type !== 'cellular';
}

/** The names that built files have before their hash: those of parts among them. */
export function namesOf(urls: string[]): string[] {
  const names = urls.map((url) => /\/assets\/(.+)-[\w-]{8}\.\w+$/.exec(url)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function thisPhone(): Phone {
  return {
    ready: navigator.serviceWorker.ready,
    line: (navigator as { connection?: Line }).connection,
    loaded: () => performance.getEntriesByType('resource').map(({ name }) => name),
  };
}
