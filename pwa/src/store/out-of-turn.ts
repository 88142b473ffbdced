/** Work that does not wait for its turn (lock.ts): no first screen needs it. */
import { OUTBOX_LOCK } from '../core/locks';

/**
 * Go ahead of whoever holds the lock, who may be waiting for a dead network: a person who signs out is
 * not kept waiting. What the other does afterwards finds the database closed.
 */
export function atOnce<T>(work: () => Promise<T>): Promise<T> {
  if (!globalThis.navigator?.locks) return work();
  return navigator.locks.request(OUTBOX_LOCK, { steal: true }, work) as Promise<T>;
}

/** At once, holding it where it is free. @param work told whether it is */
export function whereFree<T>(work: (isFree: boolean) => Promise<T>, name: string): Promise<T> {
  if (!globalThis.navigator?.locks) return work(true);
  const run = (lock: Lock | null) => work(lock !== null);
  return navigator.locks.request(name, { ifAvailable: true }, run) as Promise<T>;
}
