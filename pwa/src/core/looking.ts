import { AGAIN } from './again';

/**
 * Runs `load` now, when the person comes back to the app, when there is signal again, and when what was heard
 * holds no longer: what others did shows without anybody pulling at it. Answers with the way to stop.
 */
export function whileLooking(load: () => unknown): () => void {
  const onVisible = () => document.visibilityState === 'visible' && load();
  document.addEventListener('visibilitychange', onVisible);
  addEventListener('online', load);
  addEventListener(AGAIN, load);
  load();
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    removeEventListener('online', load);
    removeEventListener(AGAIN, load);
  };
}
