/** Somebody has left this phone with words unsent: those stay, and nothing that others said. */
import { afterEach, expect, test, vi } from 'vitest';
import type { Me, ProposalOut } from '../api/shapes';
import { id, proposalOfMine } from '../testing/copies-of-others';
import { ME, OTHER, PretendServer } from '../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../testing/pretend-tab';
import { CLEO, someProposal, someRemark } from '../testing/some-proposal';
import type { OutboxRow } from './database';
import { newRow } from './items';
import { seal, unseal, type Key, type Sealed } from './seal';

const ID = '0192dddd-0000-7000-8000-000000000001';
const REMARK = '0192dddd-0000-7000-8000-000000000002';
/** Of somebody else’s, of mine, and what the server has in the place of mine. */
const [SAID, MINE, THEIRS] = ['Said by Cleo.', 'Mine, unsent.', 'Mine, as it is there.'];

let phone: Tab;

async function signedIn(): Promise<void> {
  newPhone();
  new PretendServer().plugIn();
  phone = await signedInTab();
}

/** My change of a proposal is in conflict; in both versions of it somebody has remarked on it. */
async function inConflict(): Promise<{ sealed: Sealed; theirs: Sealed; key: Key }> {
  await signedIn();
  const { db, key } = phone.session.phone;
  const as = (text: string): ProposalOut =>
    someProposal({
      id: ID,
      mine: true,
      text,
      remarks: [someRemark({ id: REMARK, by: CLEO, text: SAID })],
    });
  const words = { sealed: await seal(key, as(MINE)), theirs: await seal(key, as(THEIRS)) };
  await db.put('proposals', { id: ID, version: 2, ...words });
  const row: OutboxRow = { ...newRow('proposals', ID, 2), state: 'conflict' };
  await db.put('outbox', row);
  const heard = await seal(key, { items: [SAID] });
  await db.put('resources', { path: '/api/x', etag: null, kept_at: Date.now(), sealed: heard });
  return { ...words, key };
}

async function somebodyElseIsHere(): Promise<void> {
  await phone.device.writeSignedIn({ id: OTHER.id, confirmed: true, ended: false });
  await (await import('./unsent-left')).forgetOthers(OTHER.id);
}

/** All that can be read of what she left. */
async function left(): Promise<string> {
  const { db, key } = await phone.database.openPhone(ME.id);
  const [item] = await db.getAll('proposals');
  expect(await db.count('outbox')).toBe(1);
  expect(await db.count('resources')).toBe(0);
  const words = [item!.sealed, item!.theirs!].map((one) => unseal<ProposalOut>(key, one));
  return JSON.stringify(await Promise.all(words));
}

afterEach(() => vi.restoreAllMocks());

test('what others said beside unsent words goes, also in what the server has in their place', async () => {
  const { sealed, theirs } = await inConflict();
  await somebodyElseIsHere();
  const words = await left();
  expect(words).not.toContain(SAID);
  expect(words).toContain(MINE);
  expect(words).toContain(THEIRS);
  const { key } = await phone.database.openPhone(ME.id);
  for (const one of [sealed, theirs]) await expect(unseal(key, one)).rejects.toThrow();
});

test('left by an earlier version of the app, with all that was in it, it becomes less too', async () => {
  await inConflict();
  const { db } = phone.session.phone;
  for (const store of ['resources', 'meta'] as const) await db.clear(store);
  await somebodyElseIsHere();
  expect(await left()).not.toContain(SAID);
});

test('what no key opens stays: it may be somebody’s words', async () => {
  const { key } = await inConflict();
  const { db } = phone.session.phone;
  const row = (await db.get('proposals', ID))!;
  const unread = { ...row.sealed, iv: row.theirs!.iv };
  await db.put('proposals', { ...row, sealed: unread });
  await somebodyElseIsHere();
  const now = await phone.database.openPhone(ME.id);
  const [item] = await now.db.getAll('proposals');
  expect(item!.sealed).toEqual(unread);
  expect(JSON.stringify(await unseal(now.key, item!.theirs!))).not.toContain(SAID);
  await expect(unseal(key, item!.theirs!)).rejects.toThrow();
});

/** The phone goes off before the step of that number, and does nothing more. */
function goesOffAt(step: number): { isOver: () => boolean } {
  let steps = 0;
  const next = () => {
    if (steps >= step) throw new Error('off');
    steps += 1;
  };
  for (const name of ['put', 'delete'] as const) {
    const run = IDBObjectStore.prototype[name] as (...about: any[]) => IDBRequest;
    vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (
      this: IDBObjectStore,
      ...about: any[]
    ) {
      next();
      return run.apply(this, about) as never;
    });
  }
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation(async (...about) => {
    next();
    return encrypt(...about);
  });
  return { isOver: () => steps < step };
}

test('cut off at any step it is done again, and my words are whole after each', async () => {
  for (let step = 1; ; step += 1) {
    const { sealed, theirs } = await inConflict();
    const { isOver } = goesOffAt(step);
    const isDone = await somebodyElseIsHere().then(
      () => true,
      () => false,
    );
    vi.restoreAllMocks();
    // The app is opened anew.
    await phone.database.closePhone(ME.id);
    phone = await signedInTab(OTHER);
    const mine = await phone.database.openPhone(ME.id);
    const [row] = await mine.db.getAll('proposals');
    expect(await unseal(mine.key, row!.sealed), `${step}`).toMatchObject({ text: MINE });
    await somebodyElseIsHere();
    const words = await left();
    expect(words, `${step}`).not.toContain(SAID);
    expect(words, `${step}`).toContain(MINE);
    const { key } = await phone.database.openPhone(ME.id);
    for (const one of [sealed, theirs]) await expect(unseal(key, one)).rejects.toThrow();
    if (isDone && isOver()) break;
  }
});

/** Somebody else signs in. */
const comes = async () => (await import('./arriving')).arrive({ ...OTHER } as Me);

const beginsAReflection = async () => {
  new phone.drafts.Draft('reflection/new').save({ text: 'half a th' });
  await phone.drafts.flushDrafts();
};

test('half a thought stays, however often somebody else signs in', async () => {
  await signedIn();
  await beginsAReflection();
  await comes();
  await comes();
  expect(await phone.deviceLeaving.peopleHere()).toContain(ME.id);
  const left = await phone.database.openPhone(ME.id);
  expect(await left.db.count('drafts')).toBe(1);
});

test('others’ words in items go where no answer is kept, too', async () => {
  await signedIn();
  const { session, items } = phone;
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  await items.writeItem(session.phone, 'proposals', id(30), proposalOfMine(id(30)));
  await items.changeItem(session.phone, 'proposals', id(30), (item) => ({ item, row: null }));
  await session.phone.db.clear('resources');
  await session.phone.db.put('meta', { key: 'x', value: 1 });
  await beginsAReflection();
  await comes();
  const left = await phone.database.openPhone(ME.id);
  expect(await left.db.count('proposals')).toBe(0);
  expect(await left.db.count('drafts')).toBe(1);
});
