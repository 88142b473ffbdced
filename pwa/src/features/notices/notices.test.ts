import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ask } from '../../api/client';
import type { SessionOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { drained, newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';

/** The dot says how many wait: each that I have seen is taken off once, by this phone or by the server. */
let server: PretendServer;
let phone: Tab;
let unseen: string[];

const notice = (id: string) => ({
  id,
  kind: 'response',
  is_read: false,
  about: null,
  path: `/mine/${id}`,
  also_at: `/also/${id}`,
});

beforeEach(async () => {
  history.replaceState(null, '', '/');
  newPhone();
  server = new PretendServer();
  server.plugIn();
  unseen = ['a', 'b', 'c', 'd', 'e'];
  server.faults = [
    ({ method, path, body }) => {
      if (path === '/api/notices')
        return json(200, { items: [notice('a'), notice('b')], next: null });
      if (path === '/api/notices/waiting')
        return json(200, { count: unseen.length, newest: unseen.map(notice) });
      if (method !== 'POST' || path !== '/api/notices/read') return null;
      unseen = unseen.filter((id) => !(body!.ids as string[]).includes(id));
      return new Response(null, { status: 204 });
    },
  ];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
});

// What was seen is followed by a question of its own.
afterEach(async () => {
  await (await opened()).notices.count();
  await settled();
});

async function opened() {
  const { notices } = await import('./notices.svelte');
  const { waiting } = await import('../../store/waiting.svelte');
  await notices.load();
  await notices.count();
  return { notices, waiting };
}

test('what I have seen is taken off at once', async () => {
  const { notices, waiting } = await opened();
  expect(waiting.count).toBe(5);
  await notices.see(['a', 'b']);
  await settled();
  expect(waiting.count).toBe(3);
});

/** What stands on this phone's lock screen, since `timestamp`; which of it was taken away. */
function onTheLockScreen(...shown: { path: string; tag?: string; timestamp?: number }[]) {
  const closed: string[] = [];
  const all = shown.map(({ path, ...rest }) => ({
    ...rest,
    data: { path },
    close: () => closed.push(path),
  }));
  const registration = { getNotifications: async () => all };
  Object.defineProperty(navigator, 'serviceWorker', {
    value: {
      getRegistration: async () => registration,
      getRegistrations: async () => [],
      addEventListener() {},
    },
    configurable: true,
  });
  return closed;
}

const ID = '0192aaaa-0000-7000-8000-00000000000a';
const OTHER_ID = '0192aaaa-0000-7000-8000-00000000000b';
const pathTo = (id: string) => `/mine/x?notice=${id}`;

test('what I have seen is taken from the lock screen, whenever it came there', async () => {
  unseen = [ID, OTHER_ID];
  const { notices } = await opened();
  const closed = onTheLockScreen({ path: pathTo(ID) }, { path: pathTo(OTHER_ID) });
  await notices.see([ID]);
  await settled();
  expect(closed).toEqual([pathTo(ID)]);
});

test('what was seen elsewhere is, once the server says so, and never what came after that', async () => {
  unseen = [ID];
  const several = { path: '/notices', timestamp: 1 };
  const tried = { path: '/me', tag: 'test', timestamp: 1 };
  const late = {
    path: pathTo('0192aaaa-0000-7000-8000-00000000000c'),
    timestamp: Date.now() + 1e6,
  };
  const shown = [
    { path: pathTo(ID), timestamp: 1 },
    { path: pathTo(OTHER_ID), timestamp: 1 },
  ];
  const closed = onTheLockScreen(...shown, several, tried, late);
  const { notices } = await opened();
  await settled();
  expect(new Set(closed)).toEqual(new Set([pathTo(OTHER_ID)]));
  unseen = [];
  await notices.count();
  await settled();
  expect(new Set(closed)).toEqual(new Set([pathTo(OTHER_ID), pathTo(ID), '/notices']));
});

test('what the server has heard of is not taken off again', async () => {
  const { notices, waiting } = await opened();
  await notices.see(['a', 'b']);
  await drained(phone);
  await settled();
  expect(waiting.count).toBe(3);
});

test('a number that was asked for before the server heard does not bring them back', async () => {
  const { notices, waiting } = await opened();
  const held = server.holdBack(({ path }) => path === '/api/notices/waiting');
  const counted = notices.count();
  await held.isAsked;
  await notices.see(['a', 'b']);
  await drained(phone);
  held.release();
  await counted;
  expect(waiting.count).toBe(3);
});

test('what is before my eyes is seen, and the others wait', async () => {
  const { notices, waiting } = await opened();
  const { reading } = await import('../../core/reading.svelte');
  const { begin } = await import('./begin.svelte');
  begin();
  await settled();
  expect(waiting.count).toBe(5);
  reading.set({}, { at: '/mine/d', moment: Date.now() });
  await settled();
  expect(notices.unseen.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'e']);
  expect(waiting.count).toBe(4);
  await drained(phone);
  expect(unseen).toEqual(['a', 'b', 'c', 'e']);
});

test('it is seen at each address where it is read', async () => {
  const { waiting } = await opened();
  const { reading } = await import('../../core/reading.svelte');
  (await import('./begin.svelte')).begin();
  reading.set({}, { at: '/also/d', moment: Date.now() });
  await settled();
  expect(waiting.count).toBe(4);
});

test('what was asked for before this phone heard of the notice is without what it tells of', async () => {
  const asked = Date.now() - 1;
  const { notices, waiting } = await opened();
  const { reading } = await import('../../core/reading.svelte');
  (await import('./begin.svelte')).begin();
  reading.set({}, { at: '/mine/d', moment: asked });
  await settled();
  expect(waiting.count).toBe(5);
  const then = Date.now();
  // A later number does not make it newer.
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(then));
  await notices.count();
  reading.set({}, { at: '/mine/d', moment: then });
  await settled();
  expect(waiting.count).toBe(4);
});

test('the notice that led here is seen once what it leads to is shown as it is since then', async () => {
  const { waiting } = await opened();
  const { reading } = await import('../../core/reading.svelte');
  const { router } = await import('../../core/router.svelte');
  (await import('./begin.svelte')).begin();
  const before = Date.now() - 1;
  // One of the older ones, of which only the number is known here.
  unseen.push('old');
  router.go('/cohort/people?cohort=rowan&notice=old');
  await settled();
  expect(location.search).toBe('?cohort=rowan');
  reading.set({}, { at: '/cohort/people?cohort=rowan', moment: before });
  await settled();
  await drained(phone);
  expect(unseen).toContain('old');
  reading.set({}, { at: '/cohort/people?cohort=rowan', moment: Date.now() });
  await settled();
  await drained(phone);
  expect(unseen).not.toContain('old');
  expect(waiting.count).toBe(5);
});

test('one that comes while it is before my eyes is seen', async () => {
  const { notices, waiting } = await opened();
  const { reading } = await import('../../core/reading.svelte');
  const { begin } = await import('./begin.svelte');
  begin();
  reading.set({}, { at: '/mine/new', moment: Infinity });
  unseen.push('new');
  await notices.count();
  await settled();
  expect(waiting.count).toBe(5);
});

test('all can be marked as seen, also those that the inbox does not show yet', async () => {
  const { notices, waiting } = await opened();
  await notices.seeAll();
  expect(waiting.count).toBe(0);
  await drained(phone);
  expect(unseen).toEqual([]);
});

/** An inbox of two pages is mine; who comes next has one notice. */
function twoInboxes() {
  server.faults.unshift(({ method, path }) => {
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (method === 'POST' && path === '/api/sign-in/sessions') {
      server.who = OTHER;
      const person = { ...OTHER, email: 'b@example.org', time_zone: 'Europe/London', version: 1 };
      return json(201, { id: 's', person, started_at: '2026-11-22T09:00:00Z' });
    }
    if (path === '/api/notices?after=next') return json(200, { items: [notice('c')], next: null });
    if (path !== '/api/notices') return null;
    const isMine = server.who?.id === ME.id;
    return json(200, { items: [notice(isMine ? 'a' : 'z')], next: isMine ? 'next' : null });
  });
}

test('what comes late for somebody who left is not in the inbox of who signs in next', async () => {
  twoInboxes();
  const { notices } = await opened();
  const held = server.holdBack(({ path }) => path === '/api/notices?after=next');
  const more = notices.loadMore();
  await held.isAsked;
  await phone.signOut.leaveThisPhone();
  expect(notices.isLoadingMore).toBe(false);
  await phone.session.signIn(
    () => ask<SessionOut>('POST', '/api/sign-in/sessions', { body: {} }),
    (data) => data,
  );
  await notices.load();
  held.release();
  await more;
  await settled();
  expect(notices.items.map(({ id }) => id)).toEqual(['z']);
  expect(notices.isLoadingMore).toBe(false);
});
