import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { find, Router, type Route } from './router.svelte';

const title = 'shell.title.me' as const;
const load = () => Promise.reject(new Error('nothing is shown here'));
const routes: Route[] = ['/', '/cohort/convene', '/cohort/:id'].map((path) => ({
  path,
  title,
  load,
}));

describe('finding a screen', () => {
  it.each([
    ['/', '/', {}],
    ['/cohort/convene', '/cohort/convene', {}],
    ['/cohort/7', '/cohort/:id', { id: '7' }],
    ['/cohort/7/', '/cohort/:id', { id: '7' }],
  ])('%s is %s', (path, wanted, params) => {
    expect(find(routes, path)).toMatchObject({ route: { path: wanted }, params });
  });

  it.each(['/cohort', '/cohort/7/people', '/nowhere'])('%s is nowhere', (path) => {
    expect(find(routes, path)).toBeNull();
  });
});

describe('moving about', () => {
  let router: Router;
  let stop: () => void;

  beforeEach(() => {
    history.replaceState(null, '', '/');
    document.body.innerHTML = '';
    vi.stubGlobal('scrollTo', vi.fn());
    router = new Router();
    stop = router.start();
  });

  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
  });

  function click(html: string, how: MouseEventInit = {}): MouseEvent {
    document.body.innerHTML = html;
    const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...how });
    document.querySelector('a, span')!.dispatchEvent(event);
    return event;
  }

  it('takes a plain click on one of our own links', () => {
    expect(click('<a href="/mine?q=1"><b>Mine</b></a>').defaultPrevented).toBe(true);
    expect([router.path, router.query.get('q')]).toEqual(['/mine', '1']);
  });

  it.each([
    ['another origin', '<a href="https://example.org/mine">x</a>', {}],
    ['a new tab', '<a href="/mine" target="_blank">x</a>', {}],
    ['a download', '<a href="/mine" download>x</a>', {}],
    ['the API’s own page', '<a href="/api/docs">x</a>', {}],
    ['a held key', '<a href="/mine">x</a>', { metaKey: true }],
    ['a place on this screen', '<a href="/#here">x</a>', {}],
  ])('leaves %s to the browser', (_what, html, how) => {
    // Asked here is whether we took it; the browser of the test must not go there either.
    addEventListener('click', (event) => event.preventDefault(), { once: true });
    click(html, how);
    expect(router.path).toBe('/');
  });

  it('goes back to where the person came from, or else to the fallback', () => {
    const back = vi.spyOn(history, 'back').mockImplementation(() => {});
    router.back('/mine');
    expect(router.path).toBe('/mine');
    expect(back).not.toHaveBeenCalled();
    router.go('/me');
    router.back('/mine');
    expect(back).toHaveBeenCalledOnce();
  });

  it('remembers how far down a place was scrolled', () => {
    vi.stubGlobal('scrollY', 420);
    router.go('/mine');
    expect(router.scrollToRestore).toBe(0);
    dispatchEvent(new PopStateEvent('popstate', { state: { key: 0 } }));
    expect(router.scrollToRestore).toBe(420);
  });

  it('begins a new place at its top, where one was before somebody went back', () => {
    vi.stubGlobal('scrollY', 420);
    router.go('/mine');
    dispatchEvent(new PopStateEvent('popstate', { state: { key: 0 } }));
    router.go('/cohort');
    expect(router.scrollToRestore).toBe(0);
  });

  it('replaces a place without a way back to it', () => {
    const length = history.length;
    router.replace('/me');
    expect([history.length, router.path]).toEqual([length, '/me']);
  });
});
