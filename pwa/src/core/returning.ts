/**
 * Back where one was. What a place shows may come from the disk after it is drawn, with other heights than were guessed,
 * and something new above: so what was opened is looked for, and brought to where it was under the finger. Whoever left
 * by another way comes back to the same height, once the place is as tall again.
 */
import { router } from './router.svelte';

/** What is on this phone is there by then, in ms; what comes later moves nobody. */
const PATIENCE = 3_000;
/** Whoever moves by themselves is not moved. */
const OWN = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/** The link that a place was left by. */
interface Left {
  href: string;
  /** Among those that lead to the same. */
  at: number;
  /** How far below the top of the screen it was, in px. */
  top: number;
}

/** By the number of the place in the history: how it was left, and which it is. */
const left = new Map<number, Left>();
const paths = new Map<number, string>();
let end = () => {};
/** Of the screen that was there when the last frame was drawn. */
let seen: Element | null = null;

const heading = () => document.querySelector('main h1');

const keyOf = (state: unknown): number => (state as { key?: number } | null)?.key ?? 0;
const linksTo = (href: string): HTMLAnchorElement[] =>
  [...document.querySelectorAll<HTMLAnchorElement>('main a')].filter((one) => one.href === href);

export function followReturns(): void {
  // Before the router goes on to what it leads to.
  document.addEventListener('click', note, { capture: true });
  new ResizeObserver(() => (seen = heading())).observe(document.body);
  addEventListener('popstate', ({ state }) => bringBack(left.get(keyOf(state))));
}

/** The path that one came from, one step back; null where this very address was opened. */
export const cameFrom = (): string | null => paths.get(keyOf(history.state) - 1) ?? null;

function note(event: MouseEvent): void {
  const key = keyOf(history.state);
  paths.set(key, location.pathname);
  const link = event.target instanceof Element && event.target.closest('a');
  if (!link) return;
  if (isWayBack(link, event)) {
    event.preventDefault();
    return history.back();
  }
  const { href } = link;
  const at = linksTo(href).indexOf(link);
  if (at < 0) left.delete(key);
  else left.set(key, { href, at, top: link.getBoundingClientRect().top });
}

/** A screen's own way back that leads where one came from is the same as the browser's: one finds it as one left it. */
const isWayBack = (link: HTMLAnchorElement, event: MouseEvent): boolean =>
  link.hasAttribute('data-back') &&
  link.pathname === cameFrom() &&
  !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

function bringBack(to: Left | undefined): void {
  end();
  const place = location.href;
  // The screen that is left stays until the other one is there: which may have come before this is heard.
  const before = seen;
  const watch = new ResizeObserver(() => {
    if (location.href !== place) return end();
    if (before?.isConnected) return;
    const link = to && linksTo(to.href)[to.at];
    if (link) scrollBy({ top: link.getBoundingClientRect().top - to.top, behavior: 'instant' });
    else if (scrollY < router.scrollToRestore)
      scrollTo({ top: router.scrollToRestore, behavior: 'instant' });
  });
  const timer = setTimeout(() => end(), PATIENCE);
  end = () => {
    watch.disconnect();
    clearTimeout(timer);
    for (const event of OWN) removeEventListener(event, end);
  };
  for (const event of OWN) addEventListener(event, end, { passive: true });
  watch.observe(document.body);
}
