import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';

const REFLECTION = '0192ffff-0000-7000-8000-000000000001';
let server: PretendServer;
let phone: Tab;
let listed: unknown[];

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  listed = [response('a', OTHER, 'Thank you.', '2026-11-20T09:00:00Z')];
  server.faults = [
    ({ method, path }) =>
      method === 'GET' && path.endsWith('/responses')
        ? json(200, { items: listed, next: null })
        : null,
  ];
});

function response(id: string, by: { id: string; name: string }, text: string, created_at: string) {
  const mine = by.id === ME.id;
  return {
    id,
    reflection_id: REFLECTION,
    by,
    kind: 'appreciate',
    text,
    created_at,
    changed_at: created_at,
    version: 1,
    mine,
  };
}

async function opened() {
  const { Responses } = await import('./responses.svelte');
  const responses = new Responses(REFLECTION);
  await responses.load();
  return responses;
}

test('mine stands among the others’ at once, waiting, and is sent like everything', async () => {
  const responses = await opened();
  await responses.respond('curious', 'What did you do then?');
  expect(responses.items.map((item) => [item.text, item.state])).toEqual([
    ['Thank you.', 'safe'],
    ['What did you do then?', 'waiting'],
  ]);
  await phone.outbox.drain(true);
  expect([...server.stored.values()]).toMatchObject([
    { kind: 'curious', text: 'What did you do then?', reflection_id: REFLECTION },
  ]);
  expect((await opened()).items.length).toBe(1);
});

test('mine can be taken back, before and after it was sent', async () => {
  const responses = await opened();
  await responses.respond('curious', 'one');
  await responses.takeBack(responses.items[1]!.id);
  expect(responses.items).toHaveLength(1);
  await phone.outbox.drain(true);
  expect(server.stored.size).toBe(0);
  await responses.respond('curious', 'two');
  await phone.outbox.drain(true);
  await responses.takeBack(responses.items.find((item) => item.mine)!.id);
  expect(responses.items.map((item) => item.text)).toEqual(['Thank you.']);
  await phone.outbox.drain(true);
  expect([...server.stored.values()][0]!.deleted).toBe(true);
});

test('mine from another phone is shown, and goes when it is taken back there', async () => {
  listed.push(response('b', ME, 'From my other phone.', '2026-11-21T09:00:00Z'));
  server.stored.set('b', { id: 'b', version: 1 });
  const responses = await opened();
  expect(responses.items.map((item) => item.text)).toEqual(['Thank you.', 'From my other phone.']);
  await responses.change('b', 'appreciate', 'Changed here.');
  expect(responses.items[1]).toMatchObject({ text: 'Changed here.', state: 'waiting' });
  await phone.outbox.drain(true);
  listed.pop();
  expect((await opened()).items.map((item) => item.text)).toEqual(['Thank you.']);
});

test('of many a first part is shown, and the rest when somebody asks; mine on a later page stays', async () => {
  const later = response('z', ME, 'Mine, of long ago.', '2026-11-22T09:00:00Z');
  server.faults = [
    ({ method, path }) => {
      if (method !== 'GET' || !path.includes('/responses')) return null;
      if (path.includes('after=')) return json(200, { items: [later], next: null });
      return json(200, { items: listed, next: 'more' });
    },
  ];
  const first = await opened();
  expect([first.items.length, first.hasMore]).toEqual([1, true]);
  await first.more();
  expect(first.items.map((item) => item.text)).toEqual(['Thank you.', 'Mine, of long ago.']);
  expect(first.hasMore).toBe(false);
  const again = await opened();
  expect(again.items.map((item) => item.text)).toContain('Mine, of long ago.');
});
