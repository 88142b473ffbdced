/** For tests: a server that has something under each address, and whose answers can be late. */
import { vi } from 'vitest';
import { json, PretendServer, type Seen } from './pretend-server';
import { drained as sent, newPhone, settled, signedInTab, type Tab } from './pretend-tab';

export const here = {} as {
  server: PretendServer;
  phone: Tab;
  /** What the server has under each path. */
  there: Record<string, unknown>;
};

/** Before each test. */
export async function begin(): Promise<void> {
  newPhone();
  here.server = new PretendServer();
  here.server.plugIn();
  here.there = {};
  here.server.faults = [
    ({ method, path }) => {
      const found = here.there[path.split('?')[0]!];
      return method === 'GET' && found !== undefined ? json(200, found) : null;
    },
  ];
  here.phone = await signedInTab();
  // Sent when a test says so.
  vi.spyOn(here.phone.connection, 'send').mockImplementation(() => {});
}

/** All that waits is sent, also while an answer to something else is on its way. */
export const drained = (): Promise<void> => sent(here.phone);

export const list = (...items: unknown[]) => ({ items, next: null });
export const answers = (answer: (seen: Seen) => Response | null) =>
  here.server.faults.unshift(answer);

/** Asks `load` now; its answer is as things are now, and arrives when the function it answers with is called. */
export async function askedBefore(path: string, load: () => unknown): Promise<() => Promise<void>> {
  const held = here.server.holdBack(
    (seen) => seen.method === 'GET' && seen.path.split('?')[0] === path,
  );
  let loaded: Promise<unknown>;
  // One that was on its way already would be joined, and not be the one that is held.
  do loaded = Promise.resolve(load());
  while (await Promise.race([held.isAsked.then(() => false), loaded.then(() => true)]));
  return async () => {
    held.release();
    await loaded;
    await settled();
  };
}
