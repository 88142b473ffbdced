import { OUTBOX_LOCK } from '../core/locks';

/** Where a browser has no Web Locks this keeps order inside one tab at least; the server's PUT bears repeats. */
const lines = new Map<string, Promise<unknown>>();

/**
 * Go ahead of whoever holds the lock, who may be waiting for a dead network: a person who signs out is
 * not kept waiting. What the other does afterwards finds the database closed.
 */
export function atOnce<T>(work: () => Promise<T>): Promise<T> {
  if (!globalThis.navigator?.locks) return work();
  return navigator.locks.request(OUTBOX_LOCK, { steal: true }, work) as Promise<T>;
}

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

/** At once, holding it where it is free. @param work told whether it is */
export function whereFree<T>(work: (isFree: boolean) => Promise<T>, name: string): Promise<T> {
  if (!globalThis.navigator?.locks) return work(true);
  const run = (lock: Lock | null) => work(lock !== null);
  return navigator.locks.request(name, { ifAvailable: true }, run) as Promise<T>;
}
