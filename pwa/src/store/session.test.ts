import { beforeEach, expect, test, vi } from 'vitest';
import { ask } from '../api/client';
import type { SessionOut } from '../api/shapes';
import { blankDraft } from '../features/reflections/keeping';
import { json, ME, OTHER, PretendServer, refusal } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, tab, type Tab } from '../testing/pretend-tab';
import { seal, unseal } from './seal';

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
});

const person = (who: { id: string; name: string }) => ({
  id: who.id,
  name: who.name,
  email: 'x@example.org',
  time_zone: 'Europe/London',
  language: 'en',
  may_convene: false,
  version: 1,
  matters: '',
  brings: '',
  curious_about: '',
});

/** The network's answer to a sign-in; from then on the server takes us for `who`. */
function signIn(tab: Tab, who: { id: string; name: string }) {
  server.faults = [
    ({ method, path }) => {
      if (method !== 'POST' || path !== '/api/sign-in/sessions') return null;
      server.who = who;
      return json(201, { id: 's', person: person(who), started_at: '2026-11-22T09:00:00Z' });
    },
  ];
  return tab.session.signIn(
    () => ask<SessionOut>('POST', '/api/sign-in/sessions', { body: {} }),
    (data) => data,
  );
}

async function keepQuietly(tab: Tab, text: string) {
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  return tab.reflections.keep({ ...blankDraft(), text });
}

test('who is signed in is known without a network', async () => {
  await signIn(phone, ME);
  server.faults = [() => 'lost request'];
  const reopened = await signedInTab();
  expect(reopened.session.state).toBe('signed_in');
  expect(reopened.session.person?.name).toBe('Ana');
});

test('a 401 leaves everything open; signing in again sends what waited', async () => {
  const stop = phone.connection.start();
  await settled();
  await keepQuietly(phone, 'waiting for me');
  server.who = null;
  await phone.outbox.drain(true);
  await settled();
  expect(phone.session.isEnded).toBe(true);
  expect(phone.session.state).toBe('signed_in');
  expect(phone.reflections.items.map((item) => item.text)).toEqual(['waiting for me']);
  await signIn(phone, ME);
  await settled();
  expect(phone.session.isEnded).toBe(false);
  const stored = () => [...server.stored.values()].map((row) => row.text);
  await vi.waitFor(() => expect(stored()).toEqual(['waiting for me']));
  stop();
});

test('another person signs in: the former’s unsent words stay sealed, unseen and unsent until they are back', async () => {
  await keepQuietly(phone, 'Ana’s words');
  server.who = null;
  await phone.outbox.drain(true);
  await signIn(phone, OTHER);
  await settled();
  expect(phone.session.person?.name).toBe('Björn');
  expect(phone.reflections.items).toEqual([]);
  await phone.outbox.drain(true);
  expect(server.stored.size).toBe(0);
  await signIn(phone, ME);
  await phone.outbox.drain(true);
  await phone.reflections.load();
  expect(phone.reflections.items).toMatchObject([{ text: 'Ana’s words', state: 'safe' }]);
});

test('another person signs in: of others’ words nothing stays with the former’s unsent ones', async () => {
  const { db, key } = phone.session.phone;
  const sealed = await seal(key, { items: ['others’ words'] });
  await db.put('resources', { path: '/api/x', etag: null, kept_at: Date.now(), sealed });
  server.who = null;
  const unsent = await keepQuietly(phone, 'Ana’s words');
  await signIn(phone, OTHER);
  const left = await phone.database.openPhone(ME.id);
  expect((await left.db.getAll('reflections')).map((row) => row.id)).toEqual([unsent.id]);
  expect(await left.db.count('outbox')).toBe(1);
  for (const store of ['resources', 'profile'] as const) expect(await left.db.count(store)).toBe(0);
  expect(await left.db.getAllKeys('meta')).toEqual(['only_unsent']);
  await expect(unseal(left.key, sealed)).rejects.toThrow();
});

test('another person signs in: a former person with nothing unsent leaves no database behind', async () => {
  await keepQuietly(phone, 'safe words');
  await phone.outbox.drain(true);
  await signIn(phone, OTHER);
  const names = (await indexedDB.databases()).map((database) => database.name);
  expect(names).not.toContain(`alongside-${ME.id}`);
  expect(await phone.deviceLeaving.peopleHere()).toEqual([OTHER.id]);
});

test('nothing is sent between one person’s session and the next’s', async () => {
  await keepQuietly(phone, 'Ana’s words');
  let letIn: () => void;
  const signing = phone.session.signIn(
    async () => {
      await new Promise<void>((done) => (letIn = done));
      server.who = OTHER;
      return {
        kind: 'ok',
        status: 201,
        etag: null,
        data: { id: 's', person: person(OTHER), started_at: '', erasure_undone: false },
      };
    },
    (data: SessionOut) => data,
  );
  await settled();
  const draining = phone.outbox.drain(true);
  await settled();
  letIn!();
  await Promise.all([signing, draining]);
  expect(server.writes().filter((seen) => seen.method === 'PUT')).toEqual([]);
});

test('a sign-in cut off before its answer: nothing is sent until the server has said who we are', async () => {
  await keepQuietly(phone, 'Ana’s words');
  await phone.session.signIn(
    async () => {
      server.who = OTHER;
      return { kind: 'unreachable' };
    },
    (data: SessionOut) => data,
  );
  const reopened = await signedInTab();
  await reopened.outbox.drain(true);
  expect(server.writes()).toEqual([]);
  await reopened.session.confirm();
  expect(reopened.session.person?.name).toBe('Björn');
  await reopened.outbox.drain(true);
  expect(server.stored.size).toBe(0);
});

test('a refused sign-in changes nothing for who was here', async () => {
  await keepQuietly(phone, 'Ana’s words');
  await phone.session.signIn(
    async () => ({
      kind: 'refused',
      status: 403,
      retryAfter: null,
      refusal: { reason: 'wrong_code' } as never,
    }),
    (data: SessionOut) => data,
  );
  await phone.outbox.drain(true);
  expect(server.stored.size).toBe(1);
});

test('a half-finished sign-in survives a reload and a killed tab, and goes once it is finished', async () => {
  await phone.device.writeHalfSignIn({ email: 'ana@example.org', asked_at: 1 });
  const reopened = await tab();
  expect(await reopened.device.readHalfSignIn()).toEqual({ email: 'ana@example.org', asked_at: 1 });
  await signIn(reopened, ME);
  expect(await reopened.device.readHalfSignIn()).toBeNull();
});

test('other tabs follow when somebody signs out', async () => {
  const other = await signedInTab();
  await phone.signOut.leaveThisPhone();
  await settled();
  expect(other.session.state).toBe('signed_out');
  expect(other.session.person).toBeNull();
});

test('the idle limit is renewed once a day', async () => {
  const renewals = () => server.seen.filter((seen) => seen.method === 'POST');
  await phone.session.stay('Sunday');
  await phone.session.stay('Sunday');
  expect(renewals()).toHaveLength(1);
  await phone.session.stay('Monday');
  expect(renewals()).toHaveLength(2);
});

test('a server that refuses the profile leaves the rest alone', async () => {
  server.faults = [({ path }) => (path === '/api/me' ? refusal(500, 'broken') : null)];
  await phone.session.confirm();
  expect(phone.session.state).toBe('signed_in');
  expect(phone.session.isEnded).toBe(false);
});
