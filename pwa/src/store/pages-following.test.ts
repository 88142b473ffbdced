/** A list that is to be there as a whole follows to its end, and says where it could not. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { ApiPath } from '../api/shapes';
import {
  aPhoneThatAsks,
  look,
  openTheApp,
  phone,
  resource,
  server,
  there,
} from '../testing/asking-together';
import type { Seen } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';

aPhoneThatAsks();

const LIST = '/api/feedback-offers' as ApiPath;
const page = (ids: string, next: string | null = null) => ({
  items: [...ids].map((id) => ({ id })),
  next,
});
const lost = (after: RegExp) => (seen: Seen) =>
  after.test(seen.path + JSON.stringify(seen.body)) ? ('lost request' as const) : null;

async function list() {
  const { Pages } = await import('./pages.svelte');
  return new Pages<{ id: string }>(LIST, true);
}
type Pages = Awaited<ReturnType<typeof list>>;
const shown = ({ value, isStale }: Pages) => [
  value?.items.map(({ id }) => id).join(''),
  isStale ? 'the phone’s' : 'so',
];
const shows = (pages: Pages, ids: string, how = 'so') =>
  vi.waitFor(() => expect(shown(pages)).toEqual([ids, how]));

/** It has come whole; by now it begins with `ed`, and what stands behind that cannot be had. */
async function cutOff(): Promise<Pages> {
  const pages = await list();
  await pages.load();
  there[LIST] = page('ed', 'd');
  there[`${LIST}?after=d`] = page('cba');
  server.faults.unshift(lost(/after=[de]/));
  await look({ isNow: true });
  await shows(pages, 'edcba', 'the phone’s');
  return pages;
}

/** It begins with `ed` by now, and follows: what stands behind that is on its way. Meanwhile one more came. */
async function following(): Promise<{ pages: Pages; release: () => void }> {
  const pages = await list();
  await pages.load();
  there[LIST] = page('ed', 'd');
  there[`${LIST}?after=d`] = page('cba');
  const { isAsked, release } = server.holdBack(({ path }) => path.includes('after=d'));
  await look({ isNow: true });
  await isAsked;
  there[LIST] = page('fed', 'd');
  return { pages, release };
}

beforeEach(() => {
  there[LIST] = page('dc', 'c');
  there[`${LIST}?after=c`] = page('ba');
});

test('a whole list begins each page where the one before it ends by now', async () => {
  const pages = await list();
  await pages.load();
  there[LIST] = page('ed', 'd');
  there[`${LIST}?after=d`] = page('cb', 'b');
  there[`${LIST}?after=b`] = page('a');
  await look({ isNow: true });
  await shows(pages, 'edcba');
});

test('a whole list that was opened without signal is whole once somebody looks', async () => {
  const pages = await list();
  server.faults.unshift(() => 'lost request');
  await pages.load();
  server.faults.shift();
  await look();
  await shows(pages, 'dcba');
});

test('a whole list keeps what it showed where its next page cannot be had, until it can', async () => {
  const pages = await cutOff();
  expect(pages.next).toBe('d');
  there[LIST] = page('fe', 'e');
  await (await resource(LIST)).load();
  await shows(pages, 'fedcba', 'the phone’s');
  server.faults.shift();
  there[`${LIST}?after=e`] = page('dcb');
  await look({ isNow: true });
  await shows(pages, 'fedcb');
});

test('a whole list whose next page never came is not said to be all of it', async () => {
  server.faults.unshift(lost(/after=c/));
  const pages = await list();
  await pages.load();
  expect(shown(pages)).toEqual(['dc', 'the phone’s']);
  server.faults.shift();
  await look({ isNow: true });
  await shows(pages, 'dcba');
});

test('a whole list of feedback whose next page never came was not heard', async () => {
  for (const direction of ['asking', 'asked'])
    there[`/api/feedback-requests?direction=${direction}&limit=100`] = page('');
  there['/api/feedback-requests/balance'] = {};
  const { FeedbackLists } = await import('../features/feedback/lists.svelte');
  const lists = new FeedbackLists();
  server.faults.unshift(lost(/after=c/));
  expect(await lists.load(true)).toBe(false);
  server.faults.shift();
  expect(await lists.load(true)).toBe(true);
});

test('a whole list keeps nothing of what was let go of', async () => {
  const pages = await cutOff();
  const { drop } = await import('./kept-answers');
  await drop(phone.session.phone, `${LIST}?after=c`);
  await shows(pages, 'edc', 'the phone’s');
  await drop(phone.session.phone, LIST);
  await vi.waitFor(() => expect(pages.value).toBeNull());
});

test('a whole list is asked for by whoever comes back while it follows', async () => {
  const { pages, release } = await following();
  const loaded = pages.load();
  await settled();
  release();
  await loaded;
  expect(shown(pages)).toEqual(['fedcba', 'so']);
});

test('a whole list follows what comes while it follows', async () => {
  const { pages, release } = await following();
  await openTheApp();
  await (await resource(LIST)).load();
  await settled();
  release();
  await shows(pages, 'fedcba');
});
