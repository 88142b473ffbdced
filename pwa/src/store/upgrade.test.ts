import { forceCloseDatabase } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { beforeEach, expect, test } from 'vitest';
import { ME, PretendServer } from './pretend-server';
import { newPhone, settled, signedInTab, tab } from './pretend-tab';
import { newKey, seal } from './seal';

const ID = '0192eeee-0000-7000-8000-00000000000a';
let server: PretendServer;

beforeEach(() => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
});

const reflection = (text: string, version: number) => ({
  id: ID,
  cohort_id: null,
  author: ME,
  text,
  areas: ['team'],
  noticing: null,
  stretch: null,
  prompt_id: null,
  audience: 'me',
  shared_with: [],
  version,
  mine: true,
  written_at: '2026-10-01T09:00:00.000Z',
  changed_at: '2026-10-01T09:00:00.000Z',
});

/** A database exactly as version 1 made it, with something waiting in its outbox. */
async function phoneWithVersion1(base: number | null): Promise<void> {
  const { device } = await tab();
  await device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  const key = await device.deviceKey(ME.id);
  const old = await openDB(`alongside-${ME.id}`, 1, {
    upgrade(db) {
      db.createObjectStore('reflections', { keyPath: 'id' });
      db.createObjectStore('responses', { keyPath: 'id' });
      db.createObjectStore('outbox', { keyPath: 'key' });
      db.createObjectStore('drafts', { keyPath: 'key' });
      db.createObjectStore('meta', { keyPath: 'key' });
    },
  });
  await old.put('reflections', {
    id: ID,
    version: base,
    sealed: await seal(key, reflection('written under version 1', base ?? 0)),
  });
  await old.put('outbox', {
    key: `reflections/${ID}`,
    kind: 'reflections',
    id: ID,
    intent: 'put',
    revision: 1,
    base,
    state: 'waiting',
    problem: null,
    tries: 3,
    not_before: 0,
    queued_at: 1,
  });
  await old.put('drafts', {
    key: 'reflection/new',
    saved_at: 1,
    sealed: await seal(key, { text: 'half a thought' }),
  });
  old.close();
}

/** A database as version 2 or 3 left it: what came with each, and something waiting in its outbox. */
const CAME_WITH = {
  2: ['reflections', 'responses', 'profile'],
  3: ['reflections', 'responses', 'profile', 'rhythm', 'days', 'prompts', 'reminders', 'reads'],
} as const;

async function phoneWithVersion(version: 2 | 3): Promise<void> {
  const { device } = await tab();
  await device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  const key = await device.deviceKey(ME.id);
  const old = await openDB(`alongside-${ME.id}`, version, {
    upgrade(db) {
      for (const store of CAME_WITH[version]) db.createObjectStore(store, { keyPath: 'id' });
      for (const store of ['outbox', 'drafts', 'meta'])
        db.createObjectStore(store, { keyPath: 'key' });
      db.createObjectStore('resources', { keyPath: 'path' });
    },
  });
  await old.put('reflections', {
    id: ID,
    version: null,
    sealed: await seal(key, reflection(`written under version ${version}`, 0)),
  });
  await old.put('outbox', {
    key: `reflections/${ID}`,
    kind: 'reflections',
    id: ID,
    intent: 'put',
    revision: 1,
    base: null,
    attempted: [],
    state: 'waiting',
    problem: null,
    tries: 3,
    not_before: 0,
    guessed: false,
    queued_at: 1,
  });
  old.close();
}

test.each([2, 3] as const)(
  'words that wait under version %i are sent under the newest',
  async (version) => {
    await phoneWithVersion(version);
    const phone = await signedInTab();
    expect(phone.session.phone.db.version).toBe(phone.database.VERSION);
    for (const store of [...CAME_WITH[3], 'feedback_requests', 'feedback_acts'])
      expect([...phone.session.phone.db.objectStoreNames]).toContain(store);
    await phone.outbox.drain(true);
    expect(server.stored.get(ID)).toMatchObject({ text: `written under version ${version}` });
  },
);

test('words that wait under version 1 are shown and sent under the newest', async () => {
  await phoneWithVersion1(null);
  const phone = await signedInTab();
  await phone.reflections.load();
  expect(phone.reflections.items).toMatchObject([
    { text: 'written under version 1', state: 'waiting' },
  ]);
  expect(phone.session.phone.db.version).toBe(phone.database.VERSION);
  await phone.outbox.drain(true);
  expect(server.stored.get(ID)).toMatchObject({ text: 'written under version 1', areas: ['team'] });
  expect(await phone.session.phone.db.getAll('outbox')).toEqual([]);
});

test('a change that waits under version 1 keeps the version that its author was looking at', async () => {
  await phoneWithVersion1(4);
  server.stored.set(ID, { ...reflection('as it was', 4), shared_with: [] });
  const phone = await signedInTab();
  await phone.outbox.drain(true);
  expect(server.writes()[0]!.headers).toMatchObject({ 'If-Match': '"4"' });
  expect(server.stored.get(ID)).toMatchObject({ text: 'written under version 1', version: 5 });
});

test('a draft from version 1 is there again', async () => {
  await phoneWithVersion1(null);
  const phone = await signedInTab();
  expect(await new phone.drafts.Draft('reflection/new').restore()).toEqual({
    text: 'half a thought',
  });
});

test('a tab of the older version writes down what is in its fields, steps aside and says so', async () => {
  const phone = await signedInTab();
  new phone.drafts.Draft('reflection/new').save({ text: 'half a thought' });
  const newer = await openDB(`alongside-${ME.id}`, phone.database.VERSION + 1);
  expect(await newer.getAll('drafts')).toHaveLength(1);
  await settled();
  expect(phone.session.isOutdated).toBe(true);
  newer.close();
});

test('a database that the browser closed by itself is opened again', async () => {
  const phone = await signedInTab();
  const before = phone.session.phone.db;
  forceCloseDatabase(unwrap(before) as never);
  await settled();
  expect(phone.session.phone.db).not.toBe(before);
  await phone.reflections.load();
});

test('keys cannot be taken out of the browser', async () => {
  const key = await newKey();
  expect(key!.extractable).toBe(false);
});
