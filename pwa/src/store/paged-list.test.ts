/** A list that is read on to shows one reading, of whoever is here, and nothing that the phone knows to be gone. */
import { describe, expect, test, vi } from 'vitest';
import type { ApiPath } from '../api/shapes';
import {
  aPhoneThatAsks,
  look,
  openTheApp,
  phone,
  questions,
  resource,
  rowOf,
  server,
  there,
} from '../testing/asking-together';
import { ME, OTHER, refusal } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';

aPhoneThatAsks();

const id = (n: number) => `0192cccc-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ROWAN = id(1);
const LIST = `/api/cohorts/${ROWAN}/activity` as ApiPath;
const NEXT = `${LIST}?after=c` as ApiPath;
const oneOf = (n: number) => `/api/reflections/${id(n)}` as ApiPath;

const reflection = (n: number, text: string) => ({
  id: id(n),
  mine: false,
  text,
  cohort_id: ROWAN,
});
const line = (n: number, text: string) => ({ id: n, reflection: reflection(n, text) });
type Line = ReturnType<typeof line>;

/** A page of two things, and behind it one of two. */
async function readOn() {
  there[LIST] = { items: [line(40, 'Newest.'), line(30, 'Newer.')], next: 'c' };
  there[NEXT] = { items: [line(20, 'Heron.'), line(10, 'Otter.')], next: null };
  const list = await opened();
  await list.load();
  return list;
}

async function opened() {
  const { PagedList } = await import('./paged-list.svelte');
  return new PagedList<Line>(LIST);
}

const words = (list: { items: Line[] }) => list.items.map((one) => one.reflection.text);

/** The server will not show it any more: by itself, in a list, or asked whether it may be seen. */
function isTakenBack(n: number) {
  for (const [path, value] of Object.entries(there)) {
    const { items, next } = value as { items?: Line[]; next: string };
    if (items) there[path] = { items: items.filter((one) => one.id !== n), next };
  }
  delete there[oneOf(n)];
  server.faults.unshift(({ path }) => (path === oneOf(n) ? refusal(404, 'not_found') : null));
  server.goneOf = (held) =>
    held.map((group) => ({ ...group, ids: group.ids.filter((one) => one === id(n)) }));
}

const slow = () => server.holdBack(({ path }) => path === NEXT);

describe('a later page', () => {
  test('comes when it is asked for, and nothing of it stays on the phone', async () => {
    const list = await readOn();
    expect([words(list), list.hasMore]).toEqual([['Newest.', 'Newer.'], true]);
    await list.loadMore();
    expect(words(list)).toEqual(['Newest.', 'Newer.', 'Heron.', 'Otter.']);
    expect([list.hasMore, list.isLoadingMore, list.hasFailedToLoadMore]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await rowOf(NEXT)).toBeUndefined();
  });

  test('that comes once the list was asked for again is not put behind another beginning', async () => {
    const list = await readOn();
    const held = slow();
    const more = list.loadMore();
    await held.isAsked;
    there[LIST] = { items: [line(60, 'A.'), line(50, 'B.')], next: 'd' };
    there[`${LIST}?after=d`] = { items: [line(40, 'Newest.'), line(30, 'Newer.')], next: 'c' };
    await list.load();
    expect(list.isLoadingMore).toBe(false);
    held.release();
    await more;
    expect(words(list)).toEqual(['A.', 'B.']);
    while (list.hasMore) await list.loadMore();
    expect(words(list)).toEqual(['A.', 'B.', 'Newest.', 'Newer.', 'Heron.', 'Otter.']);
  });

  test('that was asked for before the list was, is not shown though that begins as it did', async () => {
    const list = await readOn();
    const held = slow();
    const more = list.loadMore();
    await held.isAsked;
    await list.load();
    there[NEXT] = { items: [line(20, 'Heron, in other words.')], next: null };
    await list.loadMore();
    held.release();
    await more;
    expect(words(list)).toEqual(['Newest.', 'Newer.', 'Heron, in other words.']);
    expect(list.isLoadingMore).toBe(false);
  });

  test('is shown no longer once its list ends elsewhere, whoever heard of that', async () => {
    const list = await readOn();
    await list.loadMore();
    await openTheApp();
    there[LIST] = { items: [line(60, 'A.'), line(50, 'B.')], next: 'd' };
    await (await resource(LIST)).load();
    server.goneOf = () => [{ kind: 'reflection', cohort_id: null, ids: [id(50)] }];
    await look({ isNow: true });
    await vi.waitFor(() => expect(words(list)).toEqual(['A.']));
    expect(list.hasMore).toBe(true);
  });

  test('stays where the list cannot be asked for, and can be asked for again where it could not', async () => {
    const list = await readOn();
    server.faults.unshift(() => 'lost request');
    await list.loadMore();
    expect([list.hasMore, list.hasFailedToLoadMore]).toEqual([true, true]);
    server.faults.shift();
    await list.loadMore();
    expect(list.hasFailedToLoadMore).toBe(false);
    server.faults.unshift(() => 'lost request');
    await list.load();
    expect(words(list)).toEqual(['Newest.', 'Newer.', 'Heron.', 'Otter.']);
  });

  test('of which the server does not know the place is read from the beginning', async () => {
    const list = await readOn();
    there[LIST] = { items: [line(40, 'Newest.')], next: 'e' };
    there[`${LIST}?after=e`] = { items: [line(30, 'Newer.')], next: null };
    server.faults.unshift(({ path }) => (path === NEXT ? refusal(400, 'bad_cursor') : null));
    await list.loadMore();
    expect([words(list), list.hasFailedToLoadMore]).toEqual([['Newest.'], false]);
    await list.loadMore();
    expect(words(list)).toEqual(['Newest.', 'Newer.']);
  });

  test('that was asked for by somebody who is not here any more is shown to nobody', async () => {
    const list = await readOn();
    const held = slow();
    const more = list.loadMore();
    await held.isAsked;
    await phone.device.writeSignedIn({ id: OTHER.id, confirmed: true, ended: false });
    held.release();
    await more;
    expect(words(list)).toEqual(['Newest.', 'Newer.']);
    expect(list.isLoadingMore).toBe(false);
  });
});

describe('what was taken back on a later page', () => {
  test('is asked about when somebody looks, and gone', async () => {
    const list = await readOn();
    await list.loadMore();
    isTakenBack(20);
    await look({ isNow: true });
    await vi.waitFor(() => expect(words(list)).toEqual(['Newest.', 'Newer.', 'Otter.']));
    // Once, with all else.
    expect(questions().filter(({ body }) => JSON.stringify(body).includes(id(20)))).toHaveLength(1);
  });

  test('is not asked about for whoever comes next', async () => {
    const list = await readOn();
    await list.loadMore();
    const { unkeptOf } = await import('./unkept');
    const asked = (personId: string) => [...unkeptOf({ ...phone.session.phone, personId })].length;
    expect([asked(ME.id), asked(OTHER.id)]).toEqual([1, 0]);
    expect(words(list)).toHaveLength(4);
  });

  test('goes at once when a screen is told so', async () => {
    const list = await readOn();
    await list.loadMore();
    isTakenBack(20);
    await (await resource(oneOf(20))).load();
    await vi.waitFor(() => expect(words(list)).toEqual(['Newest.', 'Newer.', 'Otter.']));
  });

  test('goes at once when another tab is told so', async () => {
    const list = await readOn();
    await list.loadMore();
    await openTheApp();
    isTakenBack(20);
    await (await resource(oneOf(20))).load();
    await vi.waitFor(() => expect(words(list)).toEqual(['Newest.', 'Newer.', 'Otter.']));
  });

  test('goes when another tab looks that keeps a copy of it', async () => {
    there[oneOf(20)] = reflection(20, 'Heron.');
    const list = await readOn();
    await list.loadMore();
    await openTheApp();
    await (await resource(oneOf(20))).load();
    isTakenBack(20);
    await look({ isNow: true });
    await vi.waitFor(() => expect(words(list)).toEqual(['Newest.', 'Newer.', 'Otter.']));
  });

  test('goes when a copy of it is refused that nobody was waiting for', async () => {
    there[oneOf(20)] = reflection(20, 'Heron.');
    await (await resource(oneOf(20))).load();
    const list = await readOn();
    await list.loadMore();
    isTakenBack(20);
    server.goneOf = () => [];
    await look({ isNow: true });
    await vi.waitFor(() => expect(words(list)).toEqual(['Newest.', 'Newer.', 'Otter.']));
  });

  test('is not brought back by an answer that was on its way', async () => {
    const list = await readOn();
    const held = slow();
    const more = list.loadMore();
    await held.isAsked;
    isTakenBack(20);
    await (await resource(oneOf(20))).load();
    await settled();
    held.release();
    await more;
    expect(words(list)).toEqual(['Newest.', 'Newer.', 'Otter.']);
  });

  test('goes with its cohort', async () => {
    const list = await readOn();
    await list.loadMore();
    const { letGoOfCohort } = await import('./letting-go');
    await letGoOfCohort(phone.session.phone, ROWAN);
    await vi.waitFor(() => expect(list.items).toEqual([]));
    expect(list.hasMore).toBe(false);
  });
});

test('what a screen is told to be gone leaves the first page, too, and what I wrote stays', async () => {
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  const mine = { ...reflection(40, 'Mine.'), mine: true };
  const list = await readOn();
  await phone.items.writeItem(phone.session.phone, 'reflections', id(40), mine);
  isTakenBack(40);
  await (await resource(oneOf(40))).load();
  await vi.waitFor(() => expect(words(list)).toEqual(['Newer.']));
  const left = await phone.items.readItem(phone.session.phone, 'reflections', id(40));
  expect(left?.value).toEqual(mine);
});
