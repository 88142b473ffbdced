import { beforeEach, expect, test, vi } from 'vitest';

/** What happy-dom has none of: layout. */
let grows: () => void;
let y: number;
const moved = vi.fn();

beforeEach(async () => {
  vi.resetModules();
  moved.mockReset();
  vi.stubGlobal('scrollBy', moved);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(heard: () => void) {
        grows = heard;
      }
      observe() {}
      disconnect() {
        grows = () => {};
      }
    },
  );
  history.replaceState({ key: 4 }, '', '/cohort');
  const { router } = await import('./router.svelte');
  const { followReturns } = await import('./returning');
  router.start();
  followReturns();
  screen('<h1>Rowan</h1><a href="/reflections/1">Read</a>', 300);
  document.querySelector('a')!.click();
  screen('<h1>A reflection</h1>', 0);
  history.replaceState({ key: 4 }, '', '/cohort');
  dispatchEvent(new PopStateEvent('popstate', { state: { key: 4 } }));
});

function screen(html: string, top: number): void {
  document.body.innerHTML = `<main>${html}</main>`;
  y = top;
  const link = document.querySelector('a');
  if (link) link.getBoundingClientRect = () => ({ top: y }) as DOMRect;
}

test('what was opened comes back to where it was, once it is there', () => {
  grows();
  expect(moved).not.toHaveBeenCalled();
  screen('<h1>Rowan</h1>', 0);
  grows();
  expect(moved).not.toHaveBeenCalled();
  screen('<h1>Rowan</h1><a href="/reflections/1">Read</a>', 1500);
  grows();
  expect(moved).toHaveBeenLastCalledWith({ top: 1200, behavior: 'instant' });
});

test.each(['wheel', 'touchstart', 'keydown'])(
  'whoever moves by themselves is not moved (%s)',
  (by) => {
    dispatchEvent(new Event(by));
    screen('<h1>Rowan</h1><a href="/reflections/1">Read</a>', 1500);
    grows();
    expect(moved).not.toHaveBeenCalled();
  },
);

test('nobody is moved who has gone on', async () => {
  const { router } = await import('./router.svelte');
  router.go('/mine');
  screen('<h1>Mine</h1><a href="/reflections/1">Read</a>', 1500);
  grows();
  expect(moved).not.toHaveBeenCalled();
});
