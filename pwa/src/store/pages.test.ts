import { beforeEach, expect, test } from 'vitest';
import { json, PretendServer, refusal } from '../testing/pretend-server';
import { newPhone, signedInTab } from '../testing/pretend-tab';

let server: PretendServer;
let all: { id: string }[];

/** Pages of two, by the id that the last one ended with. */
beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  await signedInTab();
  all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
  server.faults = [
    ({ path }) => {
      if (!path.startsWith('/api/things')) return null;
      const after = new URL(path, 'http://here').searchParams.get('after');
      const from = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
      const items = all.slice(from, from + 2);
      const next = from + 2 < all.length ? items.at(-1)!.id : null;
      return json(200, { items, next });
    },
  ];
});

async function opened(isWhole = false) {
  const { Pages } = await import('./pages.svelte');
  return new Pages<{ id: string }>('/api/things?kind=x' as never, isWhole);
}

const ids = (pages: { value: { items: { id: string }[] } | null }) =>
  pages.value?.items.map(({ id }) => id).join('');

test('one page at first, and one more each time that somebody asks', async () => {
  const pages = await opened();
  await pages.load();
  expect([ids(pages), pages.hasMore]).toEqual(['ab', true]);
  await pages.more();
  expect([ids(pages), pages.hasMore]).toEqual(['abcd', true]);
  await pages.more();
  expect([ids(pages), pages.hasMore]).toEqual(['abcde', false]);
  await pages.load();
  expect(ids(pages)).toBe('abcde');
});

test('a whole list is asked for to its end', async () => {
  const pages = await opened(true);
  await pages.load();
  expect([ids(pages), pages.value?.next]).toEqual(['abcde', null]);
});

test('what comes or goes meanwhile is shown once, or not any more', async () => {
  const pages = await opened(true);
  await pages.load();
  all.unshift({ id: 'z' });
  all = all.filter(({ id }) => id !== 'c');
  await pages.load();
  expect(ids(pages)).toBe('zabde');
});

test('all pages are there without signal, and said to be the phone’s', async () => {
  await (await opened(true)).load();
  server.faults = [() => 'lost request'];
  const again = await opened(true);
  await again.load();
  expect([ids(again), again.isStale]).toEqual(['abcde', true]);
});

test('what may not be seen any more is gone with all its pages', async () => {
  const pages = await opened(true);
  await pages.load();
  server.faults = [() => refusal(404, 'not_found')];
  await pages.load();
  expect(pages.value).toBeNull();
});

test('a server that comes to no end is not asked for ever', async () => {
  let asked = 0;
  server.faults = [
    ({ method }) =>
      method === 'GET' ? json(200, { items: [{ id: `${asked}` }], next: `${++asked}` }) : null,
  ];
  const pages = await opened(true);
  await pages.load();
  expect(asked).toBe(50);
});
