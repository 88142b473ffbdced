import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PretendServer } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../testing/pretend-tab';

let phone: Tab;

beforeEach(async () => {
  newPhone();
  new PretendServer().plugIn();
  phone = await signedInTab();
});

afterEach(() => vi.restoreAllMocks());

const rows = () => phone.session.phone.db.getAll('drafts');
const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('a draft is on the disk within a second of typing, also of typing that does not pause', async () => {
  const draft = new phone.drafts.Draft<{ text: string }>('reflection/new');
  for (let i = 0; i < 9; i += 1) {
    draft.save({ text: 'x'.repeat(i + 1) });
    await later(100);
  }
  await settled();
  expect(await rows()).toHaveLength(1);
});

test('a draft is there again after a crash, and gone once its words are kept', async () => {
  const draft = new phone.drafts.Draft<{ text: string }>('reflection/new');
  draft.save({ text: 'half a thought' });
  await later(600);
  await settled();
  phone = await signedInTab();
  const restored = new phone.drafts.Draft<{ text: string }>('reflection/new');
  expect(await restored.restore()).toEqual({ text: 'half a thought' });
  await restored.clear();
  expect(await rows()).toEqual([]);
});

test('two tabs that write in one field each have their own: what one keeps takes nothing of the other’s', async () => {
  const other = await signedInTab();
  const one = new phone.drafts.Draft('reflection/new');
  const two = new other.drafts.Draft('reflection/new');
  for (const draft of [one, two]) await draft.restore();
  one.save('words of tab one');
  await one.flush();
  two.save('other words');
  await two.flush();
  await two.clear();
  phone = await signedInTab();
  expect(await new phone.drafts.Draft('reflection/new').restore()).toBe('words of tab one');
});

test('what was only shown in another tab goes with it, unless its own tab wrote on', async () => {
  const one = new phone.drafts.Draft('reflection/new');
  one.save('words');
  await one.flush();
  const other = await signedInTab();
  const two = new other.drafts.Draft('reflection/new');
  expect(await two.restore()).toBe('words');
  await later(2);
  one.save('words, and more');
  await one.flush();
  await two.clear();
  const three = new other.drafts.Draft('reflection/new');
  expect(await three.restore()).toBe('words, and more');
  await three.clear();
  expect(await rows()).toEqual([]);
});

test('what is written on takes the place of what it was begun with', async () => {
  const one = new phone.drafts.Draft('reflection/new');
  one.save('words');
  await one.flush();
  phone = await signedInTab();
  const two = new phone.drafts.Draft('reflection/new');
  await two.restore();
  two.save('words, and more');
  await two.flush();
  expect(await rows()).toHaveLength(1);
  expect(await two.restore()).toBe('words, and more');
});

test('hiding the page writes at once', async () => {
  new phone.drafts.Draft('reflection/new').save({ text: 'half a thought' });
  dispatchEvent(new Event('pagehide'));
  await settled();
  expect(await rows()).toHaveLength(1);
});

test('a full phone says so, and the letters count as unsaved until there is room', async () => {
  const { unsaved } = await import('../core/unsaved');
  const problems: unknown[] = [];
  const draft = new phone.drafts.Draft('reflection/new', (problem) => problems.push(problem));
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError');
  });
  draft.save({ text: 'half a thought' });
  await draft.flush();
  const { PhoneIsFull } = await import('./problems');
  expect(problems[0]).toBeInstanceOf(PhoneIsFull);
  expect(unsaved.isAnything).toBe(true);
  put.mockRestore();
  await draft.flush();
  expect(await rows()).toHaveLength(1);
  expect(unsaved.isAnything).toBe(false);
});

test('keeping on a full phone says so and writes nothing by halves', async () => {
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  const original = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    value,
  ) {
    if (this.name === 'outbox') throw new DOMException('', 'QuotaExceededError');
    return original.call(this, value);
  });
  const { PhoneIsFull } = await import('./problems');
  const { blankDraft } = await import('../features/reflections/keeping');
  await expect(phone.reflections.keep({ ...blankDraft(), text: 'x' })).rejects.toBeInstanceOf(
    PhoneIsFull,
  );
  vi.restoreAllMocks();
  expect(await phone.session.phone.db.getAll('reflections')).toEqual([]);
});

test('the browser is asked to keep the store once, after the first save', async () => {
  const persist = vi.fn().mockResolvedValue(true);
  Object.assign(navigator.storage, { persist });
  const { blankDraft } = await import('../features/reflections/keeping');
  expect(persist).not.toHaveBeenCalled();
  await phone.reflections.keep({ ...blankDraft(), text: 'one' });
  await settled();
  await phone.reflections.keep({ ...blankDraft(), text: 'two' });
  await settled();
  phone = await signedInTab();
  await phone.reflections.keep({ ...blankDraft(), text: 'three' });
  await settled();
  expect(persist).toHaveBeenCalledOnce();
});
