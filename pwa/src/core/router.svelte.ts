import type { Component } from 'svelte';
import type { Key } from '../i18n';

// Screens take their path's parameters as props (`/reflections/:id` → `{ id }`), each its own; the
// table cannot know them all, and Svelte's type for a component is invariant in its props.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Screen = Component<any>;
export type Params = Record<string, string>;

export interface Route {
  /** `/cohort/:id`: a segment that begins with a colon is handed to the screen as a prop. */
  path: string;
  title: Key;
  /** Loaded when it is first wanted. */
  load: () => Promise<{ default: Screen }>;
  /** Shown to someone who has not signed in. */
  isOpen?: boolean;
}

export interface Found {
  route: Route;
  params: Params;
}

/** The first route of the table that fits `path`, or null. */
export function find(routes: readonly Route[], path: string): Found | null {
  const segments = split(path);
  for (const route of routes) {
    const params = fit(split(route.path), segments);
    if (params) return { route, params };
  }
  return null;
}

function split(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function fit(pattern: string[], segments: string[]): Params | null {
  if (pattern.length !== segments.length) return null;
  const params: Params = {};
  for (const [i, wanted] of pattern.entries()) {
    const given = segments[i]!;
    if (wanted.startsWith(':')) params[wanted.slice(1)] = given;
    else if (wanted !== given) return null;
  }
  return params;
}

interface EntryState {
  key: number;
}

/** Where we are: the address bar as state, and the few ways to change it. */
export class Router {
  url = $state.raw(new URL(location.href));
  /** True after the first change of place: from then on a new screen takes the focus. */
  hasMoved = $state(false);

  #key = (history.state as EntryState | null)?.key ?? 0;
  #scrolls = new Map<number, number>();

  get path(): string {
    return this.url.pathname;
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  /** What follows the `#`; never sent to a server, which is why invitations travel in it. */
  get fragment(): string {
    return this.url.hash.slice(1);
  }

  /** Begins to follow links and the back button; answers with the way to stop. */
  start(): () => void {
    history.scrollRestoration = 'manual';
    history.replaceState({ key: this.#key } satisfies EntryState, '');
    const onPop = (event: PopStateEvent) => this.#arrive((event.state as EntryState | null)?.key);
    const onClick = (event: MouseEvent) => this.#follow(event);
    addEventListener('popstate', onPop);
    document.addEventListener('click', onClick);
    return () => {
      removeEventListener('popstate', onPop);
      document.removeEventListener('click', onClick);
    };
  }

  go(to: string): void {
    this.#scrolls.set(this.#key, scrollY);
    this.#key = this.#newKey();
    // Another place may have been here, before somebody went back.
    this.#scrolls.delete(this.#key);
    history.pushState({ key: this.#key } satisfies EntryState, '', to);
    this.#moved();
  }

  /** Goes on without a way back to here: after something was deleted or finished. */
  replace(to: string): void {
    history.replaceState({ key: this.#key } satisfies EntryState, '', to);
    this.#scrolls.delete(this.#key);
    this.#moved();
  }

  /** Back to where the person came from, or to `fallback` when they opened this very address. */
  back(fallback: string): void {
    if (this.hasMoved && this.#key > 0) history.back();
    else this.replace(fallback);
  }

  /** How far down this place was scrolled when it was left. */
  get scrollToRestore(): number {
    return this.#scrolls.get(this.#key) ?? 0;
  }

  #newKey(): number {
    return this.#key + 1;
  }

  #arrive(key = 0): void {
    this.#scrolls.set(this.#key, scrollY);
    this.#key = key;
    this.#moved();
  }

  #moved(): void {
    this.url = new URL(location.href);
    this.hasMoved = true;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const to = link && ourOwn(link);
    if (!to) return;
    event.preventDefault();
    if (to.href === location.href) scrollTo({ top: 0 });
    else this.go(to.href);
  }
}

/** The link's address when it leads to one of our screens, else null. */
function ourOwn(link: HTMLAnchorElement): URL | null {
  if (link.target || link.hasAttribute('download') || !link.href) return null;
  const to = new URL(link.href);
  if (to.origin !== location.origin || to.pathname.startsWith('/api/')) return null;
  const isAnchor = to.hash && to.pathname === location.pathname && to.search === location.search;
  return isAnchor ? null : to;
}

export const router = new Router();
