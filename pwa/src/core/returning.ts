/**
 * Back where one was. What a place shows may come from the disk after it is drawn, with other heights than were guessed,
 * and something new above: so what was opened is looked for, and brought to where it was under the finger.
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

/** By the number of the place in the history. */
const left = new Map<number, Left>();
let end = () => {};

const keyOf = (state: unknown): number => (state as { key?: number } | null)?.key ?? 0;
const linksTo = (href: string): HTMLAnchorElement[] =>
  [...document.querySelectorAll<HTMLAnchorElement>('main a')].filter((one) => one.href === href);

export function followReturns(): void {
  // Before the router goes on to what it leads to.
  document.addEventListener('click', note, { capture: true });
  addEventListener('popstate', ({ state }) => bringBack(left.get(keyOf(state))));
}

function note({ target }: MouseEvent): void {
  const link = target instanceof Element && target.closest<HTMLAnchorElement>('main a');
  if (!link) return;
  const { href } = link;
  const { top } = link.getBoundingClientRect();
  left.set(keyOf(history.state), { href, at: linksTo(href).indexOf(link), top });
}

function bringBack(to: Left | undefined): void {
  end();
  if (!to) return;
  const place = router.url;
  // The screen that is left stays until the other one is there.
  const before = document.querySelector('main h1');
  const watch = new ResizeObserver(() => {
    if (router.url !== place) return end();
    if (before?.isConnected) return;
    const link = linksTo(to.href)[to.at];
    if (link) scrollBy({ top: link.getBoundingClientRect().top - to.top, behavior: 'instant' });
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
