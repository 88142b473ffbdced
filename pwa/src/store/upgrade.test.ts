import { forceCloseDatabase } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { beforeEach, expect, test, vi } from 'vitest';
import { KNOWN } from '../kinds';
import { ME, PretendServer } from '../testing/pretend-server';
import { filesHere, newPhone, settled, signedInTab, tab } from '../testing/pretend-tab';
import { newBase } from './new-keys';
import { seal, unseal, type Sealed } from './seal';

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

/** A key as it was before keys had two halves: whole, and beside what it seals. */
async function wholeKey(name: string): Promise<CryptoKey> {
  const keys = await openDB('alongside', 1);
  const use: KeyUsage[] = ['encrypt', 'decrypt'];
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, use);
  await keys.put('keys', key, name);
  keys.close();
  return key;
}

/** A database exactly as version 1 made it, with something waiting in its outbox. */
async function phoneWithVersion1(base: number | null): Promise<void> {
  const { device } = await tab();
  await device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  const key = await wholeKey(ME.id);
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

const OF_3 = [
  'reflections',
  'responses',
  'profile',
  'rhythm',
  'days',
  'prompts',
  'reminders',
  'reads',
];
const OF_4 = [
  ...OF_3,
  ...['requests', 'answers', 'offers', 'acts'].map((kind) => `feedback_${kind}`),
];
const OF_7 = [...OF_4, 'proposals', 'positions', 'remarks', 'reviews', 'check_in_answers'];

/** The stores of items that phones of a version have, for good: a kind that is new comes with a step of its own. */
const CAME_WITH = {
  2: ['reflections', 'responses', 'profile'],
  3: OF_3,
  4: OF_4,
  7: OF_7,
} as const;

/** A database as that version left it, and something waiting in its outbox. */
async function phoneWithVersion(version: keyof typeof CAME_WITH): Promise<void> {
  const { device } = await tab();
  await device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  const key = await wholeKey(ME.id);
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

test.each([2, 3, 4, 7] as const)(
  'words that wait under version %i are sent under the newest, which has a store for every kind',
  async (version) => {
    await phoneWithVersion(version);
    const phone = await signedInTab();
    expect(phone.session.phone.db.version).toBe(phone.database.VERSION);
    expect([...phone.session.phone.db.objectStoreNames]).toEqual(
      expect.arrayContaining(Object.keys(KNOWN.kinds)),
    );
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
  await vi.waitFor(() => expect(phone.session.phone.db).not.toBe(before));
  await phone.reflections.load();
});

test('keys cannot be taken out of the browser', async () => {
  const phone = await signedInTab();
  expect((await newBase()).extractable).toBe(false);
  expect(phone.session.phone.key!.extractable).toBe(false);
});

/** Everything sealed that the phone holds. */
async function allSealed(db: Awaited<ReturnType<typeof signedInTab>>['session']['phone']['db']) {
  const rows = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)));
  return (rows.flat() as { sealed?: Sealed; theirs?: Sealed }[]).flatMap((row) =>
    [row.sealed, row.theirs].filter((one) => one !== undefined),
  );
}

const opens = (key: CryptoKey, sealed: Sealed) =>
  unseal(key, sealed).then(
    () => true,
    () => false,
  );

/** A phone of version 5: a whole key, and every kind of row that holds something sealed. */
async function phoneWithVersion5(): Promise<CryptoKey> {
  await phoneWithVersion(3);
  await (await signedInTab()).database.closePhone(ME.id);
  const key = await wholeKey(ME.id);
  const old = await openDB(`alongside-${ME.id}`);
  const sealed = () => seal(key, reflection('written under version 5', 0));
  await old.put('reflections', {
    id: ID,
    version: 3,
    sealed: await sealed(),
    theirs: await sealed(),
  });
  await old.put('drafts', { key: 'a', saved_at: 1, sealed: await sealed() });
  await old.put('resources', { path: '/x', etag: null, kept_at: 1, sealed: await sealed() });
  old.close();
  const keys = await openDB('alongside', 1);
  for (const name of await keys.getAllKeys('keys'))
    if (name !== ME.id) await keys.delete('keys', name);
  keys.close();
  return key;
}

test('what a whole key sealed is sealed anew by two halves, and the whole key goes', async () => {
  const old = await phoneWithVersion5();
  const phone = await signedInTab();
  const { db, key } = phone.session.phone;
  const sealed = await allSealed(db);
  expect(sealed).toHaveLength(4);
  for (const one of sealed)
    expect([await opens(key!, one), await opens(old, one)]).toEqual([true, false]);
  expect(await phone.keys.hasOlderKeys(ME.id)).toBe(false);
  expect(await filesHere()).toEqual([`key-${ME.id}.1`]);
  await phone.outbox.drain(true);
  expect(server.stored.get(ID)).toMatchObject({ text: 'written under version 5' });
});

test('cut off before the whole key went, it is done again, and nothing is lost', async () => {
  const old = await phoneWithVersion5();
  const first = await signedInTab();
  await first.database.closePhone(ME.id);
  // As if the phone had died between the two: everything is sealed anew, and the whole key is still there.
  const keys = await openDB('alongside', 1);
  await keys.put('keys', old, ME.id);
  keys.close();
  const phone = await signedInTab();
  const { db, key } = phone.session.phone;
  for (const one of await allSealed(db)) expect(await opens(key!, one)).toBe(true);
  expect(await phone.keys.hasOlderKeys(ME.id)).toBe(false);
});

test('cut off before anything was sealed anew, it is done at the next opening', async () => {
  await phoneWithVersion5();
  const early = await tab();
  await early.keys.deviceKey(ME.id);
  const phone = await signedInTab();
  const { db, key } = phone.session.phone;
  for (const one of await allSealed(db)) expect(await opens(key!, one)).toBe(true);
});

test('two tabs that open at once seal anew once, and both can read', async () => {
  await phoneWithVersion5();
  const [one, other] = [await tab(), await tab()];
  await Promise.all([one.session.start(), other.session.start()]);
  for (const { session } of [one, other])
    for (const sealed of await allSealed(session.phone.db))
      expect(await opens(session.phone.key!, sealed)).toBe(true);
});

test('half of a key opens nothing, and where it is missing the store begins afresh', async () => {
  const phone = await signedInTab();
  new phone.drafts.Draft('reflection/new').save({ text: 'half a thought' });
  await phone.drafts.flushDrafts();
  const [sealed] = await allSealed(phone.session.phone.db);
  const folder = await navigator.storage.getDirectory();
  await folder.removeEntry(`key-${ME.id}.1`);
  expect(await phone.keys.canRead(ME.id)).toBe(false);
  await phone.database.closePhone(ME.id);
  const reopened = await signedInTab();
  expect(await reopened.session.phone.db.getAll('drafts')).toEqual([]);
  expect(await opens(reopened.session.phone.key!, sealed!)).toBe(false);
});

test('a place that cannot be asked just now loses nothing', async () => {
  const phone = await signedInTab();
  new phone.drafts.Draft('reflection/new').save({ text: 'half a thought' });
  await phone.drafts.flushDrafts();
  await phone.database.closePhone(ME.id);
  const storage = navigator.storage;
  const broken = { getDirectory: () => Promise.reject(new DOMException('', 'UnknownError')) };
  Object.defineProperty(navigator, 'storage', { value: broken, configurable: true });
  await (await tab()).session.start();
  Object.defineProperty(navigator, 'storage', { value: storage, configurable: true });
  const reopened = await signedInTab();
  expect(await new reopened.drafts.Draft('reflection/new').restore()).toEqual({
    text: 'half a thought',
  });
});

test.each(['no files', 'nothing apart'])(
  'where a browser has %s, it works all the same',
  async (what) => {
    const cache = new Map<string, Response>();
    const shelf = {
      match: async (name: string) => cache.get(name)?.clone(),
      put: async (name: string, kept: Response) => void cache.set(name, kept),
      delete: async (name: string) => cache.delete(name),
      keys: async () => [...cache.keys()].map((name) => ({ url: `https://x${name}` })),
    };
    Object.defineProperty(navigator, 'storage', { value: {}, configurable: true });
    vi.stubGlobal(
      'caches',
      what === 'no files'
        ? {
            open: async () => shelf,
            has: async () => true,
            delete: async () => true,
            keys: async () => [],
          }
        : undefined,
    );
    const phone = await signedInTab();
    new phone.drafts.Draft('reflection/new').save({ text: 'half a thought' });
    await phone.drafts.flushDrafts();
    expect([...cache.keys()]).toEqual(what === 'no files' ? [`/key-${ME.id}.1`] : []);
    await phone.database.closePhone(ME.id);
    const reopened = await signedInTab();
    expect(await new reopened.drafts.Draft('reflection/new').restore()).toEqual({
      text: 'half a thought',
    });
    await reopened.signOut.leaveThisPhone();
    expect(cache.size).toBe(0);
    vi.unstubAllGlobals();
  },
);
