import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { blankDraft } from '../features/reflections/keeping';
import { ME, OTHER, PretendServer } from '../testing/pretend-server';
import { newPhone, signedInTab, tab, type Tab } from '../testing/pretend-tab';

let server: PretendServer;
let phone: Tab;
const cached = new Set<string>();
const worker = { unregister: vi.fn(), unsubscribe: vi.fn(), clearAppBadge: vi.fn() };

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  cached.clear();
  cached.add('alongside-shell-1');
  vi.stubGlobal('caches', {
    keys: async () => [...cached],
    delete: async (name: string) => cached.delete(name),
  });
  const registration = {
    unregister: worker.unregister.mockResolvedValue(true),
    pushManager: {
      getSubscription: async () => ({ unsubscribe: worker.unsubscribe.mockResolvedValue(true) }),
    },
  };
  Object.defineProperty(navigator, 'serviceWorker', {
    value: { getRegistrations: async () => [registration], getRegistration: async () => undefined },
    configurable: true,
  });
  Object.defineProperty(navigator, 'clearAppBadge', {
    value: worker.clearAppBadge.mockResolvedValue(undefined),
    configurable: true,
  });
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

afterEach(() => vi.clearAllMocks());

const databases = async () => (await indexedDB.databases()).map((database) => database.name);
const endings = () =>
  server.seen.filter(
    (seen) => seen.path === '/api/sign-in/sessions/current' && seen.method === 'DELETE',
  );

test('what is unsent is counted by kind, drafts too', async () => {
  server.faults = [() => 'lost request'];
  await phone.reflections.keep({ ...blankDraft(), text: 'one' });
  await phone.reflections.keep({ ...blankDraft(), text: 'two' });
  new phone.drafts.Draft('reflection/new').save({ text: 'half a th' });
  expect(await phone.signOut.whatIsUnsent()).toEqual({
    things: [{ lost: 'reflections', count: 2 }],
    drafts: 1,
  });
});

test.each([
  ['proposals', 'proposals'],
  ['positions', 'positions'],
  ['remarks', 'remarks'],
  ['reviews', 'reviews'],
  ['check_in_answers', 'checkIns'],
  ['prompts', 'wishes'],
  ['feedback_acts', 'feedback'],
] as const)('of %s alone something is said', async (kind, lost) => {
  server.faults = [() => 'lost request'];
  await phone.items.addItem(phone.session.phone, kind, 'one', {});
  await phone.items.addItem(phone.session.phone, kind, 'two', {});
  const unsent = await phone.signOut.whatIsUnsent();
  expect(unsent).toEqual({ things: [{ lost, count: 2 }], drafts: 0 });
});

test.each(['days', 'reads'] as const)('%s are no loss', async (kind) => {
  server.faults = [() => 'lost request'];
  await phone.items.addItem(phone.session.phone, kind, 'one', {});
  expect(await phone.signOut.whatIsUnsent()).toEqual({ things: [], drafts: 0 });
});

test('asking what is unsent tries to send it first', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'one' });
  expect((await phone.signOut.whatIsUnsent()).things).toEqual([]);
  expect(server.stored.size).toBe(1);
});

test.each([true, false])(
  'after signing out nothing of the person is left on the phone (signal: %s)',
  async (signal) => {
    localStorage.setItem('x', 'x');
    await phone.reflections.keep({ ...blankDraft(), text: 'one' });
    if (!signal) server.faults = [() => 'lost request'];
    expect(await phone.signOut.leaveThisPhone()).toBe(signal);
    expect(await databases()).toEqual(['alongside']);
    expect(await phone.deviceLeaving.peopleHere()).toEqual([]);
    expect(await phone.device.whoIsSignedIn()).toBeNull();
    expect(localStorage.length).toBe(0);
    expect([...cached]).toEqual([]);
    expect(worker.unregister).toHaveBeenCalledOnce();
    expect(worker.unsubscribe).toHaveBeenCalledOnce();
    expect(worker.clearAppBadge).toHaveBeenCalledOnce();
    expect(phone.session.state).toBe('signed_out');
    expect(phone.reflections.items).toEqual([]);
    expect(endings().length).toBeGreaterThan(0);
  },
);

test('a dead network does not keep anybody from leaving', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'one' });
  server.faults = [({ method }) => (method === 'PUT' ? new Promise(() => {}) : null)];
  const sending = phone.outbox.drain(true).catch(() => null);
  const began = Date.now();
  expect((await phone.signOut.whatIsUnsent()).things).toHaveLength(1);
  expect(await phone.signOut.leaveThisPhone()).toBe(true);
  expect(Date.now() - began).toBeLessThan(4500);
  expect(await databases()).toEqual(['alongside']);
  void sending;
});

test('signed out without signal: the server’s session is ended at the next start, before anything else', async () => {
  server.faults = [() => 'lost request'];
  await phone.signOut.leaveThisPhone();
  server.faults = [];
  server.seen = [];
  const reopened = await tab();
  await reopened.session.start();
  reopened.connection.start();
  await vi.waitFor(() => expect(endings()).toHaveLength(1));
  expect(server.seen[0]).toMatchObject({ method: 'DELETE', path: '/api/sign-in/sessions/current' });
  await vi.waitFor(async () => expect(await reopened.deviceLeaving.mustEndSession()).toBe(false));
});

test('signed out without signal, somebody signs in later: the old session is ended before that', async () => {
  server.faults = [() => 'lost request'];
  await phone.signOut.leaveThisPhone();
  server.faults = [];
  server.seen = [];
  const reopened = await tab();
  const order: string[] = [];
  await reopened.session.signIn(
    async () => {
      order.push(...server.seen.map((seen) => seen.method), 'sign in');
      return { kind: 'unreachable' };
    },
    () => null,
  );
  expect(order).toEqual(['DELETE', 'sign in']);
});

test('somebody else’s sealed, unsent words outlast my sign-out', async () => {
  server.faults = [() => 'lost request'];
  await phone.reflections.keep({ ...blankDraft(), text: 'Ana’s words' });
  await phone.device.writeSignedIn({ id: OTHER.id, confirmed: true, ended: false });
  const theirs = await signedInTab(OTHER);
  await theirs.signOut.leaveThisPhone();
  expect(await databases()).toContain(`alongside-${ME.id}`);
  expect(await theirs.deviceLeaving.peopleHere()).toEqual([ME.id]);
});

test('what the operator says of help is nobody’s own, and stays for whoever cannot sign in', async () => {
  const { readFact, writeFact } = await import('./facts');
  await writeFact('help', { run_by: 'NHS Example', support: [] });
  await writeFact('way', { path: '/mine', at: 0 });
  await phone.signOut.leaveThisPhone();
  expect(await readFact('help')).toEqual({ run_by: 'NHS Example', support: [] });
  expect(await readFact('way')).toBeNull();
});

test('a sign-out that was cut off after its first step leaves nothing to read, and the next sign-in starts clean', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'one' });
  await phone.deviceLeaving.forgetSignedIn();
  expect(await phone.deviceLeaving.peopleHere()).toEqual([]);
  const reopened = await signedInTab();
  expect(await reopened.session.phone.db.getAll('reflections')).toEqual([]);
  await reopened.reflections.load();
  expect(reopened.reflections.items).toEqual([]);
});

test('a database that a frozen tab holds on to cannot be read any more', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'one' });
  const rows = await phone.session.phone.db.getAll('reflections');
  await phone.signOut.leaveThisPhone();
  const { unseal } = await import('./seal');
  const fresh = await phone.keys.deviceKey(ME.id);
  await expect(unseal(fresh, rows[0]!.sealed)).rejects.toThrow();
});
