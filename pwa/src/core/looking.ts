/**
 * Runs `load` now, when the person comes back to the app, and when there is signal again: what
 * others did shows without anybody pulling at it. Answers with the way to stop.
 */
export function whileLooking(load: () => unknown): () => void {
  const onVisible = () => document.visibilityState === 'visible' && load();
  document.addEventListener('visibilitychange', onVisible);
  addEventListener('online', load);
  load();
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    removeEventListener('online', load);
  };
}
