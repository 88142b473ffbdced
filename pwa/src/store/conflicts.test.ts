import { beforeEach, expect, test, vi } from 'vitest';
import { blankDraft } from '../features/reflections/keeping';
import { ME, OTHER, PretendServer } from '../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../testing/pretend-tab';

let server: PretendServer;
let phone: Tab;
let id: string;

/** A reflection that the server has, changed here and, under the same version, on another phone of mine. */
beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  ({ id } = await phone.reflections.keep({ ...blankDraft(), text: 'as it was' }));
  await drain();
});

const drain = () => phone.outbox.drain(true);
const rows = () => phone.session.phone.db.getAll('outbox');
async function shown(which = id) {
  await phone.reflections.load();
  return phone.reflections.find(which);
}

async function changeBoth() {
  await phone.changes.change(id, { text: 'mine' });
  server.changeElsewhere(id, { text: 'theirs' });
  await drain();
}

test('412: both texts are kept and shown', async () => {
  await changeBoth();
  expect(await shown()).toMatchObject({
    state: 'conflict',
    text: 'mine',
    theirs: { text: 'theirs' },
  });
  phone = await signedInTab();
  expect(await shown()).toMatchObject({
    state: 'conflict',
    text: 'mine',
    theirs: { text: 'theirs' },
  });
  expect(server.stored.get(id)).toMatchObject({ text: 'theirs' });
});

test('412: a conflict is not sent again by itself', async () => {
  await changeBoth();
  const before = server.writes().length;
  await drain();
  expect(server.writes()).toHaveLength(before);
});

test('412, the author chooses mine', async () => {
  await changeBoth();
  await phone.changes.chooseMine(id);
  await drain();
  expect(server.stored.get(id)).toMatchObject({ text: 'mine', version: 3 });
  expect(await shown()).toMatchObject({ state: 'safe', text: 'mine' });
});

test('412, the author chooses theirs', async () => {
  await changeBoth();
  await phone.changes.chooseTheirs(id);
  await drain();
  expect(await shown()).toMatchObject({ state: 'safe', text: 'theirs', version: 2 });
  expect(await rows()).toEqual([]);
});

test.each(['mine', 'theirs'] as const)(
  '%s can be chosen while what sends cannot be fetched',
  async (whose) => {
    await changeBoth();
    phone = await signedInTab();
    vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
    await shown();
    const { source } = await import('./kinds-source');
    source.load = () => Promise.reject(new TypeError('Failed to fetch'));
    await (whose === 'mine' ? phone.changes.chooseMine(id) : phone.changes.chooseTheirs(id));
    expect(await shown()).toMatchObject({ text: whose });
  },
);

test('412, the author keeps both: mine beside it, private', async () => {
  await changeBoth();
  const copy = await phone.changes.keepBoth(id);
  await drain();
  expect(await shown()).toMatchObject({ state: 'safe', text: 'theirs' });
  expect(await shown(copy.id)).toMatchObject({ state: 'safe', text: 'mine', audience: 'me' });
});

test('the author goes on writing in a conflict: it stays one until they choose', async () => {
  await changeBoth();
  await phone.changes.change(id, { text: 'mine, and more' });
  await drain();
  expect(await shown()).toMatchObject({
    state: 'conflict',
    text: 'mine, and more',
    theirs: { text: 'theirs' },
  });
  await phone.changes.chooseMine(id);
  await drain();
  expect(server.stored.get(id)).toMatchObject({ text: 'mine, and more' });
});

test('deleting what was changed elsewhere asks first', async () => {
  await phone.changes.remove(id);
  expect(await shown()).toBeNull();
  server.changeElsewhere(id, { text: 'theirs' });
  await drain();
  expect(await shown()).toMatchObject({
    state: 'conflict',
    isBeingDeleted: true,
    theirs: { text: 'theirs' },
  });
  await phone.changes.chooseMine(id);
  await drain();
  expect(server.stored.get(id)!.deleted).toBe(true);
  expect(await shown()).toBeNull();
});

test('changing what was deleted elsewhere: the words stay, to keep as new or to let go', async () => {
  await phone.changes.change(id, { text: 'still mine' });
  server.deleteElsewhere(id);
  await drain();
  expect(await shown()).toMatchObject({
    state: 'parked',
    text: 'still mine',
    problem: { status: 410, reason: 'deleted' },
  });
  const copy = await phone.changes.keepAsNew(id);
  await drain();
  expect(await shown()).toBeNull();
  expect(server.stored.get(copy.id)).toMatchObject({ text: 'still mine' });
  expect(await rows()).toEqual([]);
});

test('a replayed create that another phone has edited since takes that edit, without fuss', async () => {
  const kept = await phone.reflections.keep({ ...blankDraft(), text: 'new' });
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  server.changeElsewhere(kept.id, { text: 'new, polished elsewhere' });
  await drain();
  expect(await shown(kept.id)).toMatchObject({ state: 'safe', text: 'new, polished elsewhere' });
});

test('a replayed create, edited here and elsewhere since, is a conflict', async () => {
  const kept = await phone.reflections.keep({ ...blankDraft(), text: 'new' });
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  server.changeElsewhere(kept.id, { text: 'polished elsewhere' });
  await phone.changes.change(kept.id, { text: 'polished here' });
  await drain();
  expect(await shown(kept.id)).toMatchObject({
    state: 'conflict',
    text: 'polished here',
    theirs: { text: 'polished elsewhere' },
  });
});

test('taking back narrows at once on the phone and travels as one whole state', async () => {
  await phone.changes.share(id, 'people', [OTHER], '0192cccc-0000-7000-8000-000000000003');
  await drain();
  expect(server.stored.get(id)).toMatchObject({ audience: 'people', shared_with: [OTHER.id] });
  await phone.changes.takeBack(id);
  expect(await shown()).toMatchObject({ audience: 'me', shared_with: [] });
  await drain();
  expect(server.stored.get(id)).toMatchObject({ audience: 'me', shared_with: [] });
});

const COHORT = '0192cccc-0000-7000-8000-000000000003';
const sharedWith = () => server.writes().at(-1)!.body!.shared_with;

test('sharing with a cohort names whom the author saw; an edit of the words names nobody', async () => {
  await phone.changes.share(id, 'cohort', [OTHER], COHORT);
  await phone.changes.change(id, { text: 'reworded before it was sent' });
  await drain();
  expect(sharedWith()).toEqual([OTHER.id]);
  await shown();
  await phone.changes.change(id, { text: 'reworded after it was sent' });
  await drain();
  expect(server.writes().at(-1)!.body).toMatchObject({ audience: 'cohort', shared_with: [] });
});

test('an audience that changed after a lost answer is not forgotten in a replay', async () => {
  const third = { id: '0192bbbb-0000-7000-8000-000000000003', name: 'Chidi' };
  const kept = await phone.reflections.keep({
    ...blankDraft(),
    text: 'x',
    audience: 'people',
    shared_with: [OTHER],
    cohort_id: COHORT,
  });
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  await phone.changes.share(kept.id, 'people', [OTHER, third]);
  await drain();
  expect(server.stored.get(kept.id)!.shared_with).toEqual([OTHER.id, third.id]);
});

test('what another phone narrowed is not widened again by a replay', async () => {
  const kept = await phone.reflections.keep({
    ...blankDraft(),
    text: 'x',
    audience: 'people',
    shared_with: [OTHER],
    cohort_id: COHORT,
  });
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  server.changeElsewhere(kept.id, { audience: 'me', shared_with: [] });
  await drain();
  expect(server.stored.get(kept.id)).toMatchObject({ audience: 'me', shared_with: [] });
  expect(await shown(kept.id)).toMatchObject({ state: 'safe', audience: 'me' });
});

test('the pull brings what changed elsewhere, and takes away what was deleted there', async () => {
  server.changeElsewhere(id, { text: 'from my other phone' });
  await drain();
  expect(await shown()).toMatchObject({ text: 'from my other phone', version: 2, state: 'safe' });
  server.deleteElsewhere(id);
  await drain();
  expect(await shown()).toBeNull();
});

test('the pull never overwrites words that wait', async () => {
  await phone.changes.change(id, { text: 'waiting here' });
  server.changeElsewhere(id, { text: 'from my other phone' });
  server.faults = [({ method }) => (method === 'PUT' ? new Response('', { status: 500 }) : null)];
  await drain();
  expect(await shown()).toMatchObject({ text: 'waiting here', state: 'waiting' });
});

test('the pull fetches all pages, and its cursor stands in the same transaction as its rows', async () => {
  for (let i = 0; i < 250; i += 1) {
    const other = `0192dddd-0000-7000-8000-${String(i).padStart(12, '0')}`;
    server.stored.set(other, { id: other, version: 0 });
    server.changeElsewhere(other, { text: `number ${i}`, written_at: '2026-01-01T00:00:00Z' });
  }
  const { db } = phone.session.phone;
  const transaction = vi.spyOn(db, 'transaction');
  await drain();
  expect(await db.count('reflections')).toBe(251);
  const stores = transaction.mock.calls.map(([names]) => names as unknown as string[]);
  expect(stores.filter((names) => Array.isArray(names) && names.includes('meta'))).toEqual(
    Array.from({ length: 3 }, () => ['reflections', 'outbox', 'meta']),
  );
});

test('a pull that fails half-way leaves the cursor where its rows are', async () => {
  for (const which of ['a', 'b']) server.stored.set(which, { id: which, version: 0 });
  server.changeElsewhere('a', { text: 'a', written_at: '2026-01-01T00:00:00Z' });
  const { db } = phone.session.phone;
  const original = IDBObjectStore.prototype.put;
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value,
  ) {
    if (this.name === 'meta') throw new DOMException('', 'QuotaExceededError');
    return original.call(this, value);
  });
  await drain().catch(() => undefined);
  put.mockRestore();
  expect(await db.get('reflections', 'a')).toBeUndefined();
  await drain();
  expect(await shown('a')).toMatchObject({ text: 'a' });
});

test('somebody else signed in on this phone: the former’s words are neither shown nor sent', async () => {
  await phone.changes.change(id, { text: 'Ana’s unsent words' });
  server.who = OTHER;
  await phone.device.writeSignedIn({ id: OTHER.id, confirmed: true, ended: false });
  const theirs = await signedInTab(OTHER);
  const before = server.writes().length;
  await theirs.outbox.drain(true);
  await drain();
  expect(server.writes()).toHaveLength(before);
  expect(theirs.reflections.items).toEqual([]);
  server.who = ME;
  await phone.device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  await drain();
  expect(server.stored.get(id)).toMatchObject({ text: 'Ana’s unsent words' });
});
