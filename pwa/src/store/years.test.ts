/** Years of reflections on a phone: each is fetched, put away and read once, and its person never waits for that. */
import { beforeEach, expect, test, vi } from 'vitest';
import { blankDraft } from '../features/reflections/keeping';
import { PretendServer } from '../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../testing/pretend-tab';

const MANY = 550;
const NEWEST = idOf(MANY - 1);

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
  await phone.reflections.load();
  for (let at = 0; at < MANY; at += 1) {
    const id = idOf(at);
    const written_at = new Date(Date.UTC(2016, 0, 1 + at)).toISOString();
    server.stored.set(id, { id, version: 0 });
    server.changeElsewhere(id, { text: `number ${at}`, areas: [], audience: 'me', written_at });
  }
});

function idOf(at: number): string {
  return `0192dddd-0000-7000-8000-${String(at).padStart(12, '0')}`;
}

const isPage = ({ path, body }: (typeof server.seen)[number]) =>
  path === '/api/sync' && JSON.stringify(body).includes('/changes');
const asked = () => server.seen.filter(isPage).length;

test('what comes is shown as it came, without being read again', async () => {
  const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
  await phone.outbox.drain(true);
  await vi.waitFor(() => expect(phone.reflections.items).toHaveLength(MANY));
  expect(decrypt.mock.calls.length).toBeLessThan(50);
});

test('what is shown as it came is what is read by whoever opens the app', async () => {
  await phone.outbox.drain(true);
  server.changeElsewhere(NEWEST, { text: 'other words' });
  server.deleteElsewhere(idOf(7));
  await phone.outbox.drain(true);
  const again = await signedInTab();
  await again.reflections.load();
  expect(again.reflections.items).toHaveLength(MANY - 1);
  await vi.waitFor(() => expect(phone.reflections.items).toEqual(again.reflections.items));
});

test('what another tab changed meanwhile is shown as it was changed', async () => {
  let goOn!: () => void;
  const held = new Promise<void>((done) => (goOn = done));
  void phone.reflections.own.inTurn(() => held);
  await phone.outbox.drain(true);
  const other = await signedInTab();
  vi.spyOn(other.connection, 'send').mockImplementation(() => {});
  await other.reflections.load();
  const { value } = other.reflections.own.find(NEWEST)!;
  await other.reflections.own.write(NEWEST, { ...value, text: 'changed here' });
  goOn();
  await vi.waitFor(() => expect(phone.reflections.items).toHaveLength(MANY));
  await vi.waitFor(() => expect(phone.reflections.find(NEWEST)!.text).toBe('changed here'));
});

test('what was broken off goes on where it was, and nothing is lost or shown twice', async () => {
  let [last, broken] = [0, 0];
  server.faults = [
    () => {
      const isLost = asked() > last && asked() % 3 === 0;
      last = asked();
      if (isLost) broken += 1;
      return isLost ? 'lost answer' : null;
    },
  ];
  const { db } = phone.session.phone;
  for (let i = 0; i < 5; i += 1) await phone.outbox.drain(true);
  expect(broken).toBeGreaterThan(0);
  expect(await db.count('reflections')).toBe(MANY);
  const shown = () => phone.reflections.items.map(({ id }) => id);
  await vi.waitFor(() => expect(new Set(shown()).size).toBe(MANY));
  expect(shown()).toHaveLength(MANY);
});

test('of what is put away the phone hears a few times a page, and not of each', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put');
  const listens = vi.spyOn(IDBRequest.prototype, 'addEventListener');
  await phone.outbox.drain(true);
  const asked = put.mock.results.filter((_, at) => {
    const { name } = put.mock.contexts[at] as IDBObjectStore;
    return name === 'reflections';
  });
  expect(asked).toHaveLength(MANY);
  const heard = new Set<unknown>(listens.mock.contexts);
  expect(asked.filter(({ value }) => heard.has(value)).length).toBeLessThanOrEqual(6 * 4);
});

test('the next page is on its way while one is put away', async () => {
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  // The first page cannot be put away before the second is asked for.
  let isNextAsked: Promise<unknown> | undefined;
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...given) => {
    await (isNextAsked ??= vi.waitFor(() => expect(asked()).toBe(2)));
    return encrypt(...given);
  });
  await phone.outbox.drain(true);
  expect(isNextAsked).toBeDefined();
  expect(await phone.session.phone.db.count('reflections')).toBe(MANY);
});

test('what is written while years come is sent before the page after the next', async () => {
  const { db } = phone.session.phone;
  let kept: Promise<unknown> | undefined;
  server.faults = [
    async ({ path }) => {
      if (!path.includes('/changes')) return null;
      if (asked() === 2) await (kept ??= phone.reflections.keep({ ...blankDraft(), text: 'now' }));
      // It is told of a frame after it was kept: on a busy machine only now.
      if (asked() === 3) phone.news.tell({ about: 'outbox' });
      return null;
    },
  ];
  // Whoever is told lets go of what was asked for; whoever sends asks for the rest.
  do await phone.outbox.drain(true);
  while ((await db.count('reflections')) <= MANY);
  expect(kept).toBeDefined();
  const kinds = server.seen
    .filter((one) => isPage(one) || one.method === 'PUT')
    .map((one) => (isPage(one) ? '+' : one.method));
  expect(kinds.join(' ')).toContain('+ + PUT +');
  expect(await db.count('reflections')).toBe(MANY + 1);
});

test('no page is asked for in the name of somebody who has left meanwhile', async () => {
  server.faults = [
    async ({ path }) => {
      if (path.includes('/changes') && asked() === 1) await phone.device.writeSignedIn(null);
      return null;
    },
  ];
  await phone.outbox.drain(true).catch(() => undefined);
  expect(asked()).toBe(1);
});

test('a phone that is opened shows the newest first, and reads the rest bit by bit', async () => {
  await phone.outbox.drain(true);
  const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  const again = await signedInTab();
  const { watched } = await import('../testing/watched.svelte');
  await again.reflections.load();
  again.reflections.own.clear();
  const seen: number[] = [];
  const newest: (string | undefined)[] = [];
  // What a screen would show, each time that something is there.
  const stop = watched(() => {
    seen.push(again.reflections.items.length);
    newest.push(again.reflections.items[0]?.id);
  });
  await again.reflections.load();
  stop();
  expect(again.reflections.items).toHaveLength(MANY);
  expect(seen.filter((many) => many > 0 && many < MANY).length).toBeGreaterThan(0);
  expect(new Set(newest.filter(Boolean))).toEqual(new Set([NEWEST]));
  for (const { value } of getAll.mock.results) {
    const rows = (value as IDBRequest<unknown[]>).result;
    expect(rows.length).toBeLessThanOrEqual(200);
  }
});

test('what is kept while years are read is there, once', async () => {
  await phone.outbox.drain(true);
  const again = await signedInTab();
  const loaded = again.reflections.load();
  const { id } = await again.reflections.keep({ ...blankDraft(), text: 'just now' });
  await loaded;
  expect(again.reflections.items.filter((one) => one.id === id)).toHaveLength(1);
  expect(again.reflections.items).toHaveLength(MANY + 1);
  expect(again.reflections.items[0]!.id).toBe(id);
});
