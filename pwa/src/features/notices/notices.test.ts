import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { drained, newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';

/** The dot says how many wait: each that I have seen is taken off once, by this phone or by the server. */
let server: PretendServer;
let phone: Tab;
let count: number;

const notice = (id: string) => ({ id, kind: 'response', is_read: false, about: null });

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  count = 5;
  server.faults = [
    ({ method, path, body }) => {
      if (path === '/api/notices')
        return json(200, { items: [notice('a'), notice('b')], next: null });
      if (path === '/api/notices/waiting') return json(200, { count });
      if (method !== 'POST' || path !== '/api/notices/read') return null;
      count -= (body!.ids as string[]).length;
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
