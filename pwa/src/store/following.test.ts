/** What has come is on the screens that show it, whoever asked for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import {
  aPhoneThatAsks,
  look,
  openedAnew,
  openTheApp,
  PEOPLE,
  phone,
  questions,
  resource,
  rowOf,
  server,
  there,
} from '../testing/asking-together';
import { refusal } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';
import { show } from '../testing/screen';
import { CONFIRMED } from './age';

aPhoneThatAsks();

/** So much that what is asked when somebody looks goes behind what the screen wants, and nobody waits for it. */
async function keepsALot(): Promise<void> {
  const { db } = phone.session.phone;
  const { sealed } = (await rowOf(PEOPLE))!;
  const etag = `"${'a'.repeat(99)}"`;
  for (let kept_at = 1; kept_at <= 55; kept_at += 1)
    await db.put('resources', { path: `/api/x/${kept_at}`.padEnd(90, 'x'), etag, kept_at, sealed });
  await db.put('meta', { key: CONFIRMED, value: Date.now() });
}

const MORE = { items: ['Ana', 'Tom', 'Uma'], next: null };

describe('what is shown', () => {
  test('follows what a look brought', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    await people.recall();
    there[PEOPLE] = MORE;
    await look();
    await vi.waitFor(() => expect(people.value).toEqual(MORE));
    expect(questions()).toHaveLength(1);
  });

  test('follows what another tab was told', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    await people.load();
    there[PEOPLE] = MORE;
    people.isStale = true;
    await openTheApp();
    await look();
    await vi.waitFor(() => expect(people).toMatchObject({ value: MORE, isStale: false }));
  });

  test('was taken back, and stays so when a slow answer from before says that it is as it was', async () => {
    await openedAnew();
    await keepsALot();
    const held = server.holdBack(({ path }) => path === PEOPLE);
    const looked = look();
    await held.isAsked;
    server.faults.unshift(({ path }) => (path === PEOPLE ? refusal(404, 'not_found') : null));
    const people = await resource(PEOPLE);
    await people.load();
    expect(people).toMatchObject({ value: null, refusal: { code: 404 } });
    held.release();
    await looked;
    await settled();
    expect(await rowOf(PEOPLE)).toBeUndefined();
    expect(people).toMatchObject({ value: null, refusal: { code: 404 } });
  });

  test('was taken back, until it is heard again: what was asked before does not bring it', async () => {
    await openedAnew();
    const { db } = phone.session.phone;
    const row = (await rowOf(PEOPLE))!;
    const long = row.kept_at - 2_000;
    await db.put('resources', { ...row, kept_at: long });
    server.faults.unshift(({ path }) => (path === PEOPLE ? refusal(403, 'forbidden') : null));
    const people = await resource(PEOPLE);
    await people.load();
    // By another tab, which asked at that moment.
    const { follow } = await import('./following');
    const heard = async (at: number) => {
      await db.put('resources', { ...row, kept_at: at });
      follow(new Map([[PEOPLE, at]]));
      await settled();
    };
    await heard(long + 1_000);
    expect(people).toMatchObject({ value: null, refusal: { code: 403 } });
    await heard(Date.now());
    expect(people).toMatchObject({ value: { items: ['Ana', 'Tom'] }, refusal: null });
  });

  test('waits for none that asks before it follows', async () => {
    const WAITING = '/api/notices/waiting';
    there[WAITING] = { count: 0 };
    await openedAnew();
    const { notices } = await import('../features/notices/notices.svelte');
    await notices.count();
    const people = await resource(PEOPLE);
    await people.load();
    there[WAITING] = { count: 1 };
    there[PEOPLE] = MORE;
    await look({ isNow: true });
    await vi.waitFor(() => expect(people.value).toEqual(MORE));
  });

  test('follows what another screen asked for', async () => {
    await openedAnew();
    const [one, other] = [await resource(PEOPLE), await resource(PEOPLE)];
    await other.recall();
    there[PEOPLE] = MORE;
    await one.load();
    await vi.waitFor(() => expect(other.value).toEqual(MORE));
  });

  test('follows what was asked for singly', async () => {
    await openedAnew();
    const [one, other] = [await resource(PEOPLE), await resource(PEOPLE)];
    await other.recall();
    there[PEOPLE] = MORE;
    server.faults.unshift(({ path }) => (path === '/api/sync' ? 'lost request' : null));
    await one.load();
    await vi.waitFor(() => expect(other.value).toEqual(MORE));
  });

  test('is known to be so when a look has heard that it is', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    server.faults.unshift(() => 'lost request');
    await people.load();
    expect(people.isStale).toBe(true);
    server.faults.shift();
    await look();
    expect(people.isStale).toBe(false);
  });

  test('is there when somebody looks, where there was no signal when it was opened', async () => {
    const people = await resource(PEOPLE);
    server.faults.unshift(() => 'lost request');
    await people.load();
    server.faults.shift();
    await look();
    await vi.waitFor(() => expect(people).toMatchObject({ value: there[PEOPLE], isStale: false }));
  });

  test('is not said to be so where what came found no room on the phone', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    server.faults.unshift(() => 'lost request');
    await people.load();
    server.faults.shift();
    there[PEOPLE] = MORE;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    await look();
    full.mockRestore();
    expect(people.isStale).toBe(true);
  });

  test('is there again when it may be seen again', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    await people.load();
    people.become(null);
    there[PEOPLE] = MORE;
    await (await resource(PEOPLE)).load();
    await vi.waitFor(() => expect(people).toMatchObject({ value: MORE, refusal: null }));
  });
});

test.each([
  ['the activity', '/api/cohorts/rowan/activity'],
  ['the inbox', '/api/notices'],
])('%s with later pages stays as it is: they would not go on where it ends', async (what, path) => {
  there[path] = { items: [{ id: 'd' }, { id: 'c' }], next: 'c' };
  there[`${path}?after=c`] = { items: [{ id: 'b' }], next: null };
  const { Activity } = await import('../features/activity/activity.svelte');
  const { notices } = await import('../features/notices/notices.svelte');
  const list = what === 'the inbox' ? notices : new Activity('rowan');
  const ids = () => list.items.map(({ id }) => id);
  const looked = () => look({ isNow: true });
  await list.load();
  there[path] = { items: [{ id: 'e' }, { id: 'd' }], next: 'd' };
  await looked();
  await vi.waitFor(() => expect(ids()).toEqual(['e', 'd']));
  there[path] = { items: [{ id: 'd' }, { id: 'c' }], next: 'c' };
  await list.load();
  await list.loadMore();
  there[path] = { items: [{ id: 'f' }, { id: 'd' }], next: 'd' };
  await looked();
  expect(ids()).toEqual(['d', 'c', 'b']);
  // What may not be seen any more goes with all that stands behind it.
  delete there[path];
  await looked();
  await vi.waitFor(() => expect(ids()).toEqual([]));
});

test('nobody reads on by themselves: what follows, and becomes less, is what the store has read', () => {
  const files = readdirSync('src/features', { recursive: true, encoding: 'utf8' });
  const readsOn = (text: string) => /query: \{[^}]*\bafter\b|[?&]after=/.test(text);
  const some = files
    .filter((path) => /\.(ts|svelte)$/.test(path) && !path.endsWith('.test.ts'))
    .filter((path) => readsOn(readFileSync(`src/features/${path}`, 'utf8')));
  expect(some).toEqual([]);
  expect(readsOn("ask('GET', path, { query: { kind: this.kind, after } })"), 'the control').toBe(
    true,
  );
});

describe('a screen', () => {
  const looked = () => look({ isNow: true });
  const on = (text: string) => vi.waitFor(() => expect(document.body.textContent).toContain(text));

  test('of what is new in the cohort shows what somebody shared meanwhile', async () => {
    await openedAnew();
    const path = '/api/cohorts/rowan/activity';
    const by = { id: 'p', name: 'Bo' };
    const shared = (text: string) => ({
      id: text,
      kind: 'shared',
      happened_at: '2026-11-30T07:00:00Z',
      by,
      details: {},
      response: null,
      reflection: {
        id: text,
        mine: false,
        text,
        noticing: null,
        author: by,
        audience: 'cohort',
        cohort_id: 'rowan',
        shared_with: [],
      },
    });
    there[path] = { items: [shared('One.')], next: null };
    const { default: NewInCohort } = await import('../features/today/NewInCohort.svelte');
    await show(NewInCohort, { cohort: { id: 'rowan', name: 'Rowan', my_role: 'participant' } });
    await on('One.');
    there[path] = { items: [shared('Two.'), shared('One.')], next: null };
    await looked();
    await on('Two.');
  });

  test('of a cohort’s reminders shows what another member set meanwhile', async () => {
    await openedAnew();
    const path = '/api/cohorts/rowan/reminders';
    const reminder = (id: string, at: string) => ({
      id,
      cohort_id: 'rowan',
      about: 'contract',
      weekdays: [1],
      at,
      every_weeks: 1,
      starts_on: '2026-11-30',
      ends_on: null,
      version: 1,
    });
    there[path] = { items: [reminder('a', '09:00')], next: null };
    await (await import('../i18n')).learn(['reminders']);
    const { default: Reminders } = await import('../features/reminders/CohortReminders.svelte');
    await show(Reminders, { cohort: { id: 'rowan', name: 'Rowan', my_role: 'participant' } });
    await on('09:00');
    there[path] = { items: [reminder('a', '09:00'), reminder('b', '17:30')], next: null };
    await looked();
    await on('17:30');
  });
});

test('an older refusal takes away no newer answer', async () => {
  await openedAnew();
  delete there[PEOPLE];
  const held = server.holdBack(({ path }) => path === PEOPLE);
  const looked = look({ isNow: true });
  await held.isAsked;
  // Seen again meanwhile, by another tab.
  const data = { items: ['Ana'], next: null };
  const { keep } = await import('./kept-answers');
  const askedAt = Date.now() + 1;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(askedAt));
  await keep(phone.session.phone, PEOPLE, { data, etag: '"a"', askedAt });
  held.release();
  await looked;
  expect(await rowOf(PEOPLE)).toBeDefined();
});
