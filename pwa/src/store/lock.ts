import { OUTBOX_LOCK } from '../core/locks';

/**
 * One at a time on this phone, across tabs and the worker. Whoever sends, signs in or signs out holds
 * it: so nothing is sent twice, and nothing is sent between one person's session and the next's.
 */

/** Where a browser has no Web Locks this at least keeps order inside one tab; the server's PUT bears repeats. */
let line: Promise<unknown> = Promise.resolve();

export function exclusively<T>(work: () => Promise<T>): Promise<T> {
  if (globalThis.navigator?.locks) return navigator.locks.request(OUTBOX_LOCK, work) as Promise<T>;
  const turn = line.then(work, work);
  line = turn.catch(() => undefined);
  return turn;
}
