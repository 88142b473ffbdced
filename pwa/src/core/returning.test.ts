import { beforeEach, describe, expect, test, vi } from 'vitest';

/** What happy-dom has none of: layout. */
const watches = new Set<() => void>();
const grows = () => watches.forEach((heard) => heard());
let y: number;
const moved = vi.fn();

beforeEach(async () => {
  vi.resetModules();
  moved.mockReset();
  watches.clear();
  vi.stubGlobal('scrollBy', moved);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      heard: () => void;
      constructor(heard: () => void) {
        this.heard = heard;
      }
      observe() {
        watches.add(this.heard);
      }
      disconnect() {
        watches.delete(this.heard);
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
  grows();
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

test('also if it was drawn as soon as the router heard of it', () => {
  screen('<h1>Rowan</h1><a href="/reflections/1">Read</a>', 300);
  document.querySelector('a')!.click();
  screen('<h1>A reflection</h1>', 0);
  grows();
  screen('<h1>Rowan</h1>', 0);
  history.replaceState({ key: 4 }, '', '/cohort');
  dispatchEvent(new PopStateEvent('popstate', { state: { key: 4 } }));
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

test('whoever left by another way comes back to the same height, once the place is as tall', async () => {
  history.replaceState({ key: 6 }, '', '/');
  const { router } = await import('./router.svelte');
  vi.stubGlobal('scrollTo', moved);
  document.body.innerHTML = '<main><h1>Today</h1></main><nav><a href="/mine">Mine</a></nav>';
  document.querySelector('a')!.click();
  screen('<h1>Mine</h1>', 0);
  grows();
  moved.mockReset();
  history.replaceState({ key: 6 }, '', '/');
  vi.spyOn(router, 'scrollToRestore', 'get').mockReturnValue(900);
  dispatchEvent(new PopStateEvent('popstate', { state: { key: 6 } }));
  grows();
  expect(moved).not.toHaveBeenCalled();
  screen('<h1>Today</h1>', 0);
  grows();
  expect(moved).toHaveBeenLastCalledWith({ top: 900, behavior: 'instant' });
});

describe('a screen’s own way back', () => {
  const back = vi.spyOn(history, 'back').mockReturnValue();

  /** Open a reflection from Today; answers whether a way back to `to` is the browser's. */
  function isBack(to: string): boolean {
    history.replaceState({ key: 6 }, '', '/');
    screen('<a href="/reflections/1">Read</a>', 300);
    document.querySelector('a')!.click();
    history.replaceState({ key: 7 }, '', '/reflections/1');
    back.mockClear();
    screen(`<a data-back href="${to}">Back</a>`, 0);
    document.querySelector('a')!.click();
    return back.mock.calls.length > 0;
  }

  test('leads back where one was, if one came from there', async () => {
    expect(isBack('/')).toBe(true);
    const { cameFrom } = await import('./returning');
    expect(cameFrom()).toBe('/');
  });

  test('leads on, if one came from elsewhere', () => {
    expect(isBack('/cohort')).toBe(false);
  });
});
