import { beforeEach, expect, test, vi } from 'vitest';
import { blankDraft } from '../features/reflections/keeping';
import { PretendServer, refusal } from '../testing/pretend-server';
import { filesHere, newPhone, signedInTab, tab, type Tab } from '../testing/pretend-tab';

let server: PretendServer;
let phone: Tab;
const cached = new Set<string>();
const asked: string[] = [];
let mayBeWoken = true;
const unregister = vi.fn(async () => true);

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  asked.length = 0;
  mayBeWoken = true;
  unregister.mockClear();
  cached.add('alongside-shell-1').add('alongside-keys');
  vi.stubGlobal('caches', {
    keys: async () => [...cached],
    has: async (name: string) => cached.has(name),
    delete: async (name: string) => cached.delete(name),
  });
  const registration = {
    active: {},
    unregister,
    sync: {
      register: async (tag: string) => {
        if (!mayBeWoken) throw new DOMException('', 'NotAllowedError');
        asked.push(tag);
      },
    },
    pushManager: { getSubscription: async () => null },
    getNotifications: async () => [],
  };
  Object.defineProperty(navigator, 'serviceWorker', {
    value: { getRegistrations: async () => [registration], getRegistration: async () => undefined },
    configurable: true,
  });
  phone = await signedInTab();
});

const endings = () =>
  server.seen.filter((one) => one.method === 'DELETE' && one.path.includes('sessions/current'));

async function signOutWithoutSignal() {
  server.faults = [() => 'lost request'];
  expect(await phone.signOut.leaveThisPhone()).toBe(false);
}

/** The worker is a set of modules of its own. */
async function woken(tag: string, isSeen = false) {
  await tab();
  return (await import('./sync')).onSync(tag, isSeen);
}

test('signed out without signal, the worker stays to be woken, and the page says so', async () => {
  await signOutWithoutSignal();
  expect(asked).toEqual(['sign-out']);
  expect(unregister).not.toHaveBeenCalled();
  expect(phone.session.farewell).toBe('untold_wakes');
  expect(await filesHere()).toEqual([]);
});

test('woken while there is still none, it asks to be woken again', async () => {
  await signOutWithoutSignal();
  await expect(woken('sign-out')).rejects.toThrow();
  expect(unregister).not.toHaveBeenCalled();
  expect(await phone.deviceLeaving.mustEndSession()).toBe(true);
});

test.each([204, 401])(
  'woken with signal it ends the session, and the app leaves the phone (%i)',
  async (status) => {
    await signOutWithoutSignal();
    server.faults = status === 401 ? [() => refusal(401, 'ended_by_you')] : [];
    server.seen = [];
    await woken('sign-out');
    expect(endings()).toHaveLength(1);
    expect(await phone.deviceLeaving.mustEndSession()).toBe(false);
    expect(unregister).toHaveBeenCalledOnce();
    expect([...cached]).toEqual(['alongside-keys']);
  },
);

test('where nobody is woken the worker goes at once, and the page says when instead', async () => {
  mayBeWoken = false;
  await signOutWithoutSignal();
  expect(unregister).toHaveBeenCalledOnce();
  expect(phone.session.farewell).toBe('untold');
});

test('somebody who has signed in meanwhile keeps the app, and their session', async () => {
  await signOutWithoutSignal();
  server.faults = [];
  const next = await signedInTab();
  await next.deviceLeaving.writeMustEndSession(false);
  server.seen = [];
  await woken('sign-out');
  expect([endings(), unregister.mock.calls]).toEqual([[], []]);
});

test('a push that was on its way clears a phone that was signed out from elsewhere', async () => {
  server.faults = [() => refusal(401, 'ended_by_you')];
  const worker = await tab();
  await (await import('./sync')).afterPush({ getNotifications: async () => [] });
  expect(await worker.device.readFarewell()).toBe('ended_by_you');
  expect((await indexedDB.databases()).map((one) => one.name)).toEqual(['alongside']);
});

const changesAsked = () =>
  server.seen.some(({ path }) => path.startsWith('/api/reflections/changes'));

test('woken to send what a page in view has sent meanwhile, it asks nothing', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'in the tram' });
  await vi.waitFor(() => expect(server.stored.size).toBe(1));
  await vi.waitFor(() => expect(phone.connection.isSending).toBe(false));
  server.seen = [];
  await woken('outbox', true);
  expect(changesAsked()).toBe(false);
});

test('woken to send what waits, it asks for what changed, too', async () => {
  server.faults.unshift(() => 'lost request');
  await phone.reflections.keep({ ...blankDraft(), text: 'in the tram' });
  await phone.outbox.drain();
  server.faults.shift();
  server.seen = [];
  await woken('outbox');
  expect([...server.stored.values()].map(({ text }) => text)).toEqual(['in the tram']);
  expect(changesAsked()).toBe(true);
});

test('where words have to wait, the browser is told to wake it again, a page in view or not', async () => {
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
  await phone.reflections.keep({ ...blankDraft(), text: 'in the tram' });
  server.faults = [
    ({ method }) => (method === 'PUT' ? refusal(503, 'busy', {}, { 'Retry-After': '120' }) : null),
  ];
  await phone.outbox.drain(true);
  const { onSync } = await import('./sync');
  await expect(onSync('outbox', true)).rejects.toThrow('something still waits');
});
