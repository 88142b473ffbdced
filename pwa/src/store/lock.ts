import { OUTBOX_LOCK } from '../core/locks';

/** Where a browser has no Web Locks this keeps order inside one tab at least; the server's PUT bears repeats. */
const lines = new Map<string, Promise<unknown>>();

/**
 * One at a time on this phone, across tabs and the worker. Whoever sends, signs in or signs out holds
 * it: so nothing is sent twice, and nothing is sent between one person's session and the next's.
 */
export function exclusively<T>(work: () => Promise<T>, name = OUTBOX_LOCK): Promise<T> {
  if (globalThis.navigator?.locks) return navigator.locks.request(name, work) as Promise<T>;
  const before = lines.get(name) ?? Promise.resolve();
  const turn = before.then(work);
  lines.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}
