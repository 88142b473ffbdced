import { beforeEach, expect, test, vi } from 'vitest';
import { ask } from '../api/client';
import type { SessionOut } from '../api/shapes';
import { blankDraft } from '../features/reflections/keeping';
import { json, ME, OTHER, PretendServer, refusal } from '../testing/pretend-server';
import { filesHere, newPhone, settled, signedInTab, tab, type Tab } from '../testing/pretend-tab';
import { seal, unseal } from './seal';

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

const databases = async () => (await indexedDB.databases()).map((database) => database.name);

/** The owner signs this phone out from another one. */
function endThere() {
  server.who = null;
  server.faults = [() => refusal(401, 'ended_by_you')];
}

const isWiped = (one = phone) =>
  vi.waitFor(async () => {
    expect(await one.leaving.wiping()).toBeUndefined();
    expect(await one.deviceLeaving.isWiping()).toBeNull();
    expect(await one.device.readFarewell()).not.toBeNull();
  });

function signIn(where: Tab, who: typeof ME) {
  const person = { ...who, email: 'x@example.org', time_zone: 'Europe/London', may_convene: false };
  server.faults = [
    ({ method, path }) => {
      if (method !== 'POST' || path !== '/api/sign-in/sessions') return null;
      server.who = who;
      const lines = { version: 1, matters: '', brings: '', curious_about: '' };
      return json(201, { id: 's', person: { ...person, ...lines }, started_at: '' });
    },
  ];
  return where.session.signIn(
    () => ask<SessionOut>('POST', '/api/sign-in/sessions', { body: {} }),
    (data) => data,
  );
}

const WAYS: [string, (one: Tab) => Promise<unknown>][] = [
  ['when the app is opened', (one) => one.session.confirm()],
  ['when something is fetched or sent', (one) => one.outbox.drain(true)],
  ['when the day’s use is noted', (one) => one.session.stay('Sunday')],
  ['when the worker is woken', async () => (await import('../worker/sync')).onSync('outbox')],
];

test.each(WAYS)(
  '%s, a phone that was signed out from elsewhere clears itself',
  async (_way, ask_) => {
    await phone.reflections.keep({ ...blankDraft(), text: 'safe' });
    await phone.outbox.drain(true);
    localStorage.setItem('x', 'x');
    endThere();
    await ask_(phone).catch(() => undefined);
    await isWiped();
    expect(await databases()).toEqual(['alongside']);
    expect(await filesHere()).toEqual([]);
    expect(await phone.deviceLeaving.peopleHere()).toEqual([]);
    expect(await phone.device.whoIsSignedIn()).toBeNull();
    expect(localStorage.length).toBe(0);
    await settled();
    expect(phone.session.state).toBe('signed_out');
    expect(phone.session.person).toBeNull();
    expect(phone.session.farewell).toBe('ended_by_you');
    expect(phone.reflections.items).toEqual([]);
  },
);

test('what is unsent stays, under a key that nothing else was sealed with, until its author is back', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'safe' });
  await phone.outbox.drain(true);
  const { db, key } = phone.session.phone;
  const sealed = await seal(key, { items: ['others’ words'] });
  await db.put('resources', { path: '/api/x', etag: null, kept_at: 1, sealed });
  new phone.drafts.Draft('reflection/new').save({ text: 'half a th' });
  const unsent = await phone.reflections.keep({ ...blankDraft(), text: 'unsent' });
  await phone.drafts.flushDrafts();
  endThere();
  await phone.session.confirm();
  await isWiped();
  expect(await databases()).toContain(`alongside-${ME.id}`);
  expect(await filesHere()).toEqual([`key-${ME.id}.2`]);
  expect(await phone.device.readFarewell()).toBe('ended_by_you_unsent');

  const left = await phone.database.openPhone(ME.id);
  expect((await left.db.getAll('reflections')).map((row) => row.id)).toEqual([unsent.id]);
  expect([await left.db.count('outbox'), await left.db.count('drafts')]).toEqual([1, 1]);
  for (const store of ['resources', 'profile'] as const) expect(await left.db.count(store)).toBe(0);
  expect(await left.db.getAllKeys('meta')).toEqual(['only_unsent']);
  await expect(unseal(left.key, sealed)).rejects.toThrow();
  const [row] = await left.db.getAll('reflections');
  await expect(unseal(key, row!.sealed)).rejects.toThrow();

  const again = await tab();
  await again.session.start();
  expect(again.session.state).toBe('signed_out');
  await again.outbox.drain(true);
  expect(server.stored.size).toBe(1);
  await signIn(again, ME);
  expect(again.session.farewell).toBeNull();
  expect(await new again.drafts.Draft('reflection/new').restore()).toEqual({ text: 'half a th' });
  await again.outbox.drain(true);
  expect([...server.stored.values()].map((one) => one.text)).toEqual(['safe', 'unsent']);
});

test('what this version of the app does not know stays too, and holds nothing up', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'unsent' });
  const { db } = phone.session.phone;
  const [row] = await db.getAll('outbox');
  await db.put('outbox', { ...row!, key: 'dreams/x', kind: 'dreams' as never, id: 'x' });
  endThere();
  await phone.session.confirm();
  await isWiped();
  await signIn(phone, ME);
  await phone.outbox.drain(true);
  expect([...server.stored.values()].map(({ text }) => text)).toEqual(['unsent']);
  expect(await phone.session.phone.db.getAllKeys('outbox')).toEqual(['dreams/x']);
});

test('another who signs in on it sees nothing of what waits for its author', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'unsent' });
  endThere();
  await phone.session.confirm();
  await isWiped();
  await signIn(phone, OTHER);
  await phone.outbox.drain(true);
  await phone.reflections.load();
  expect(phone.reflections.items).toEqual([]);
  expect(server.stored.size).toBe(0);
  expect(await phone.deviceLeaving.peopleHere()).toEqual([ME.id, OTHER.id]);
});

test('an answer to the session before, heard after a new sign-in, clears nothing', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'mine' });
  server.faults = [({ path }) => (path.includes('changes') ? refusal(401, 'ended_by_you') : null)];
  await phone.outbox.drain(true);
  await phone.leaving.wiping();
  expect(await phone.device.readFarewell()).toBeNull();
  expect((await phone.device.whoIsSignedIn())?.id).toBe(ME.id);
  expect(await databases()).toContain(`alongside-${ME.id}`);
});

test('cut off after its first step, nothing shows, and the next start finishes it', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'safe' });
  await phone.outbox.drain(true);
  expect(await phone.deviceLeaving.beginWiping()).toBe(ME.id);
  const reopened = await tab();
  await reopened.session.start();
  expect(reopened.session.state).toBe('signed_out');
  server.faults = [() => 'lost request'];
  const stop = reopened.connection.start();
  await isWiped(reopened);
  expect(await databases()).toEqual(['alongside']);
  stop();
});

test('cut off after its first step, whoever signs in next has it finished before', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'safe' });
  await phone.outbox.drain(true);
  await phone.deviceLeaving.beginWiping();
  const reopened = await tab();
  await signIn(reopened, ME);
  expect(await reopened.deviceLeaving.isWiping()).toBeNull();
  expect((await reopened.device.whoIsSignedIn())?.id).toBe(ME.id);
  expect(await reopened.session.phone.db.count('reflections')).toBe(0);
});

test('a session that ran out clears nothing; ended by its owner after that, it does', async () => {
  server.who = null;
  await phone.session.confirm();
  expect([phone.session.isEnded, phone.session.state]).toEqual([true, 'signed_in']);
  endThere();
  await phone.session.confirm();
  await isWiped();
  expect(await databases()).toEqual(['alongside']);
});

test('a second tab shows nothing more either', async () => {
  const other = await signedInTab();
  endThere();
  await phone.session.confirm();
  await isWiped();
  await settled();
  expect([other.session.state, other.session.person]).toEqual(['signed_out', null]);
});

test('what somebody else has unsent here is not touched', async () => {
  await phone.reflections.keep({ ...blankDraft(), text: 'Ana’s words' });
  server.who = null;
  await phone.outbox.drain(true);
  await signIn(phone, OTHER);
  endThere();
  await phone.session.confirm();
  await isWiped();
  expect(await phone.deviceLeaving.peopleHere()).toEqual([ME.id]);
  const left = await phone.database.openPhone(ME.id);
  expect(await left.db.count('outbox')).toBe(1);
});
