/**
 * For tests: opening the app. Each tab is a set of modules of its own over the same disk (IndexedDB),
 * as two tabs, a reload, or a worker beside a page really are. What one keeps in memory the other cannot see.
 */
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, vi } from 'vitest';
import { ME } from './pretend-server';
import { waitFor } from './waits';

/** A phone fresh from the shop, or wiped. */
export function newPhone(): void {
  globalThis.indexedDB = new IDBFactory();
  const locks = new PretendLocks();
  channels = new Set();
  vi.stubGlobal('BroadcastChannel', PretendChannel);
  const folder = new PretendFolder();
  Object.defineProperty(navigator, 'storage', {
    value: { getDirectory: async () => folder },
    configurable: true,
  });
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
}

/** The origin's private files: just enough to keep some bytes under a name. */
export class PretendFolder {
  files = new Map<string, ArrayBuffer>();

  async getFileHandle(name: string, how?: { create: boolean }) {
    if (!this.files.has(name) && !how?.create) throw new DOMException('', 'NotFoundError');
    if (!this.files.has(name)) this.files.set(name, new ArrayBuffer(0));
    return {
      getFile: async () => ({ arrayBuffer: async () => this.files.get(name)! }),
      createWritable: async () => ({
        write: async (bytes: Uint8Array<ArrayBuffer>) =>
          void this.files.set(name, bytes.slice().buffer),
        close: async () => undefined,
      }),
    };
  }

  async removeEntry(name: string) {
    if (!this.files.delete(name)) throw new DOMException('', 'NotFoundError');
  }

  async *keys() {
    yield* this.files.keys();
  }
}

export const filesHere = async () =>
  [
    ...((await navigator.storage.getDirectory()) as unknown as PretendFolder).files.keys(),
  ].toSorted();

let channels = new Set<PretendChannel>();

/** Between the tabs of one phone; those of an earlier test's phone hear nothing. */
class PretendChannel {
  #hear: (event: { data: unknown }) => void = () => undefined;
  #around = channels.add(this);

  addEventListener(_type: 'message', hear: (event: { data: unknown }) => void): void {
    this.#hear = hear;
  }

  postMessage(data: unknown): void {
    for (const other of this.#around)
      if (other !== this) queueMicrotask(() => other.#hear({ data: structuredClone(data) }));
  }
}

/** Exclusive and shared locks by name, held across the tabs of a test. */
class PretendLocks {
  #lines = new Map<string, Promise<unknown>>();

  request(name: string, options: unknown, work?: (lock: unknown) => unknown): Promise<unknown> {
    const run = (work ?? options) as (lock: unknown) => unknown;
    const { steal: isStolen, ifAvailable } = options as { steal?: boolean; ifAvailable?: boolean };
    if (ifAvailable && this.#lines.has(name)) return Promise.resolve(run(null));
    const before = (!isStolen && this.#lines.get(name)) || Promise.resolve();
    const turn = before.then(() => run({ name }));
    const over = turn.catch(() => undefined);
    this.#lines.set(name, over);
    void over.then(() => this.#lines.get(name) === over && this.#lines.delete(name));
    return turn;
  }
}

/** Open the app once more on this phone. */
export async function tab() {
  vi.resetModules();
  const [
    database,
    device,
    deviceLeaving,
    keys,
    leaving,
    items,
    outbox,
    choices,
    signOut,
    drafts,
    { session },
    { connection },
    { reflections },
    { changes },
    news,
    { source },
  ] = await Promise.all([
    import('../store/database'),
    import('../store/device'),
    import('../store/device-leaving'),
    import('../store/keys'),
    import('../store/leaving'),
    import('../store/items'),
    import('../store/outbox'),
    import('../store/choices'),
    import('../store/sign_out'),
    import('../store/drafts'),
    import('../store/session.svelte'),
    import('../store/connection.svelte'),
    import('../features/reflections/reflections.svelte'),
    import('../features/reflections/changes'),
    import('../store/news'),
    import('../store/kinds-source'),
  ]);
  source.load = () => import('../kinds');
  await source.load();
  return {
    database,
    device,
    deviceLeaving,
    keys,
    leaving,
    items,
    outbox,
    choices,
    signOut,
    drafts,
    session,
    connection,
    reflections,
    changes,
    news,
  };
}

export type Tab = Awaited<ReturnType<typeof tab>>;

/** All that waits is sent, also while an answer to something else is on its way. */
export async function drained({ outbox, news }: Tab): Promise<void> {
  const done = outbox.drain(true);
  while (await Promise.race([done.then(() => false), settled().then(() => true)]))
    news.tell({ about: 'outbox' });
}

/** A tab in which Ana is signed in. */
export async function signedInTab(who: { id: string } = ME): Promise<Tab> {
  const opened = await tab();
  if (!(await opened.device.whoIsSignedIn()))
    await opened.device.writeSignedIn({ id: who.id, confirmed: true, ended: false });
  await opened.session.start();
  return opened;
}

/** How much is being sealed and opened: in threads, which a busy machine keeps waiting. */
let inThreads = 0;
for (const name of ['encrypt', 'decrypt', 'digest', 'generateKey', 'importKey'] as const) {
  const run = crypto.subtle[name].bind(crypto.subtle) as (...about: any[]) => Promise<any>;
  Object.defineProperty(crypto.subtle, name, {
    value: (...about: any[]) => {
      inThreads += 1;
      return run(...about).finally(() => (inThreads -= 1));
    },
    configurable: true,
    writable: true,
  });
}

/** What waits for a frame to be drawn has been run after so long, in ms. */
const FRAME = 20;

// What a test has left running ends on its own phone, not on that of the next.
afterEach(async () => {
  await new Promise((done) => waitFor(done, FRAME));
  await settled();
});

/** Let everything that was started finish, timers apart, however busy the machine is. */
export async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await new Promise((done) => waitFor(done, 2));
    await vi.dynamicImportSettled();
    if (inThreads > 0) quiet = -1;
  }
}
