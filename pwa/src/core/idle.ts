/** First what the person waits for, then the rest. */

/** A page that is not seen gets no frames: then this many milliseconds have to do. */
const MOMENT = 2_000;
/** However busy the phone is, the rest has its turn after this long, in milliseconds. */
const LONGEST = 2_000;

/** It is not waited for longer than this before it is given up, in milliseconds. */
const LAST_WAIT = 300_000;

let first: Promise<unknown> = Promise.resolve();

/** The phone does not count as idle before this is here, whatever came of it: the first screen, and what it has to ask. */
export function comesFirst(screen: Promise<unknown>): void {
  first = Promise.allSettled([first, screen]);
}

/** Fulfilled when the first screen is there and has been drawn. */
export async function whenShown(): Promise<void> {
  for (let before; before !== first;) {
    await (before = first);
    // One frame to draw it, and one more to see that it was drawn.
    await new Promise<void>((resolve) => afterFrame(() => afterFrame(resolve)));
  }
}

/** Fulfilled when, besides, the phone has nothing more urgent to do. */
export async function whenIdle(): Promise<void> {
  await whenShown();
  await new Promise<void>(idle);
}

/** Runs `run` once the next frame is on the screen. */
export function afterFrame(run: () => void): void {
  let hasRun = false;
  const once = () => {
    if (!hasRun) run();
    hasRun = true;
  };
  setTimeout(once, MOMENT);
  globalThis.requestAnimationFrame?.(() => setTimeout(once));
}

function idle(run: () => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run, { timeout: LONGEST });
  else setTimeout(run);
}

/** What is fetched may not come just now: it is asked for again when there is signal, and after a while. */
export async function whenItCan<T>(load: () => Promise<T>): Promise<T> {
  for (let wait = 1_000; ; wait *= 2) {
    try {
      return await load();
    } catch (error) {
      if (wait > LAST_WAIT) throw error;
      await new Promise((again) => {
        setTimeout(again, wait);
        addEventListener('online', again, { once: true });
      });
    }
  }
}
