import { beforeEach, expect, test, vi } from 'vitest';
import { begin, here } from '../../testing/pretend-outbox';

const MANY = 300;
let view: typeof import('./timeline-view.svelte').view;

beforeEach(async () => {
  await begin();
  vi.spyOn(here.phone.connection, 'send').mockImplementation(() => {});
  for (let at = 0; at < MANY; at += 1) {
    const id = `0192dddd-0000-7000-8000-${String(at).padStart(12, '0')}`;
    const written_at = new Date(Date.UTC(2016, 0, 1 + at)).toISOString();
    here.server.stored.set(id, { id, version: 0 });
    here.server.changeElsewhere(id, { text: `Café ${at}`, areas: [], audience: 'me', written_at });
  }
  await here.phone.outbox.drain(true);
  await here.phone.reflections.load();
  ({ view } = await import('./timeline-view.svelte'));
});

test('what is looked for is found among the newest at once, and everywhere soon', async () => {
  view.query = 'cafe';
  expect([view.found.length, view.isSearching]).toEqual([100, true]);
  const stop = view.prepare();
  await vi.waitFor(() => expect([view.found.length, view.isSearching]).toEqual([MANY, false]));
  stop();
  view.query = 'cafe 299';
  expect(view.found.map(({ text }) => text)).toEqual(['Café 299']);
});

test('what is filtered by needs nothing made ready for it', () => {
  view.areas = ['self'];
  expect([view.found.length, view.isSearching]).toEqual([0, false]);
  view.clear();
  expect(view.found).toBe(here.phone.reflections.items);
});

test('of ten years only what is on the screen is drawn', () => {
  expect(view.shown).toHaveLength(6);
  view.showMore();
  expect(view.shown).toHaveLength(16);
});
