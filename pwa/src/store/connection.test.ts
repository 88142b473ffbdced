import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { blankDraft } from '../features/reflections/keeping';
import { PretendServer, refusal } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../testing/pretend-tab';

let server: PretendServer;
let phone: Tab;
let stop: () => void = () => undefined;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
});

afterEach(() => stop());

const safe = () => vi.waitFor(() => expect(phone.reflections.items[0]?.state).toBe('safe'));

async function keepWithoutSignal() {
  stop = phone.connection.start();
  await settled();
  server.faults = [() => 'lost request'];
  await phone.reflections.keep({ ...blankDraft(), text: 'in a lift' });
  await settled();
  expect(phone.reflections.items[0]?.state).toBe('waiting');
  // Not before it has been tried: a busy machine may come to that later.
  await vi.waitFor(() => expect(phone.connection.isReached).toBe(false));
}

/** So that it would wait for long. */
async function triedOften() {
  const { db } = phone.session.phone;
  const [row] = await db.getAll('outbox');
  await db.put('outbox', { ...row!, tries: 10, not_before: Date.now() + 700_000 });
}

/** From here on what is sent arrives: until then nothing does, however often it is tried. */
const signalIsBack = () => (server.faults = []);

test('what is kept is sent at once when there is signal', async () => {
  stop = phone.connection.start();
  await settled();
  await phone.reflections.keep({ ...blankDraft(), text: 'in the open' });
  await safe();
  expect(phone.connection.unsent).toEqual([]);
});

test('what waits is counted, and said to be without signal', async () => {
  await keepWithoutSignal();
  await vi.waitFor(() => expect(phone.connection.unsent).toHaveLength(1));
});

test('what waits is sent at the next start', async () => {
  await keepWithoutSignal();
  signalIsBack();
  stop();
  phone = await signedInTab();
  stop = phone.connection.start();
  await safe();
});

test.each([
  ['signal is back', () => dispatchEvent(new Event('online'))],
  ['the page is shown again', () => dispatchEvent(new Event('pageshow'))],
  ['the person looks again', () => document.dispatchEvent(new Event('visibilitychange'))],
])('what waits is sent when %s', async (_when, happens) => {
  await keepWithoutSignal();
  signalIsBack();
  happens();
  await safe();
});

test('what waits is sent after a while by itself', async () => {
  await keepWithoutSignal();
  signalIsBack();
  await vi.waitFor(() => expect(phone.reflections.items[0]?.state).toBe('safe'));
});

test.each([
  [
    'something else is sent',
    () => phone.reflections.keep({ ...blankDraft(), text: 'in the corridor' }),
  ],
  [
    'a screen is answered',
    async () => {
      const { Resource } = await import('./resource.svelte');
      await new Resource('/api/cohorts').reload();
    },
  ],
])('what was tried often without signal is sent as soon as %s', async (_what, happens) => {
  await keepWithoutSignal();
  await triedOften();
  signalIsBack();
  await happens();
  await vi.waitFor(() => expect(phone.connection.unsent).toEqual([]));
  await vi.waitFor(() => expect(phone.connection.isReached).toBe(true));
});

test('one that never has an answer is not tried again because others have', async () => {
  await keepWithoutSignal();
  const own = phone.reflections.items[0]!.id;
  server.faults = [({ path }) => (path.includes(own) ? 'lost request' : null)];
  await phone.reflections.keep({ ...blankDraft(), text: 'in the corridor' });
  await vi.waitFor(() => expect(phone.connection.unsent).toHaveLength(1));
  await vi.waitFor(() => expect(phone.connection.isReached).toBe(true));
  await triedOften();
  const tries = () => server.seen.filter(({ path }) => path.includes(own)).length;
  const before = tries();
  const { Resource } = await import('./resource.svelte');
  for (let i = 0; i < 3; i += 1) await new Resource('/api/cohorts').reload();
  await settled();
  expect(tries()).toBe(before);
});

test('the browser is asked to wake the worker for what was kept', async () => {
  const register = vi.fn().mockResolvedValue(undefined);
  Object.defineProperty(navigator, 'serviceWorker', {
    value: { getRegistrations: async () => [{ active: {}, sync: { register } }] },
    configurable: true,
  });
  await keepWithoutSignal();
  expect(register).toHaveBeenCalledWith('outbox');
});

test('keeping does not wait for the network', async () => {
  stop = phone.connection.start();
  await settled();
  server.faults = [() => new Promise(() => {})];
  await phone.reflections.keep({ ...blankDraft(), text: 'quickly' });
  expect(phone.reflections.items[0]).toMatchObject({ text: 'quickly', state: 'waiting' });
});

test('a profile is kept on the phone, and only the lines that changed travel', async () => {
  stop = phone.connection.start();
  await vi.waitFor(() => expect(phone.session.person).not.toBeNull());
  const { me } = await import('../features/me/me.svelte');
  server.faults = [({ method }) => (method === 'PATCH' ? 'lost request' : null)];
  await me.change({ brings: 'Patience' });
  await vi.waitFor(() => expect(me.profile?.brings).toBe('Patience'));
  await me.change({ matters: 'Fairness' });
  await settled();
  expect(me.profileState).toBe('waiting');
  server.faults = [];
  dispatchEvent(new Event('online'));
  await vi.waitFor(() => expect(me.profileState).toBe('safe'));
  expect(server.writes().at(-1)!.body).toEqual({ brings: 'Patience', matters: 'Fairness' });
  expect(me.profile).toMatchObject({ brings: 'Patience', matters: 'Fairness' });
});

test('a profile that the server will not take says why and keeps the lines', async () => {
  stop = phone.connection.start();
  await vi.waitFor(() => expect(phone.session.person).not.toBeNull());
  const { me } = await import('../features/me/me.svelte');
  const errors = { json: { brings: ['Too long.'] } };
  server.faults = [
    ({ method }) => (method === 'PATCH' ? refusal(422, 'invalid', { errors }) : null),
  ];
  await me.change({ brings: 'Too much' });
  await vi.waitFor(() => expect(me.profileState).toBe('parked'));
  expect(me.profileProblem?.fields).toEqual({ brings: ['Too long.'] });
  expect(me.profile?.brings).toBe('Too much');
});

test('a sign-out without signal is told to the server when somebody looks, though no event said that it is back', async () => {
  vi.stubGlobal('registration', { unregister: async () => true });
  stop = phone.connection.start();
  await settled();
  server.faults = [() => 'lost request'];
  expect(await phone.signOut.leaveThisPhone()).toBe(false);
  await settled(); // nothing that was asked without signal is still on its way
  signalIsBack();
  server.seen = [];
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.waitFor(() =>
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toContain(
      'DELETE /api/sign-in/sessions/current',
    ),
  );
});
