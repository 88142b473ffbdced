/** For tests: what a screen does with what changes. */
import { flushSync } from 'svelte';

/** Run it at once, and whenever something changes that it reads; answers with the way to stop. */
export function watched(run: () => void): () => void {
  const stop = $effect.root(() => {
    $effect(run);
  });
  flushSync();
  return stop;
}
