import { MediaQuery } from 'svelte/reactivity';
import { router } from './router.svelte';

/** Whether what is chosen from a list has room beside it: where `ui/Panes.svelte` and `styles/base.css` lay it so, too. */
export const roomy = new MediaQuery('min-width: 75rem');

const BESIDE = 'beside';

/** Whether the list of notices stands beside the screen. It is said in the address: a reload shows both again. */
export const isBesideNotices = (): boolean => router.query.has(BESIDE);

/** The address at which what `path` leads to stands beside the list of notices. */
export function besideNotices(path: string): string {
  const to = new URL(path, location.origin);
  to.searchParams.set(BESIDE, 'notices');
  return to.pathname + to.search + to.hash;
}

/** Whether that is what the screen shows now. */
export function isShownBeside(path: string): boolean {
  return (
    isBesideNotices() && besideNotices(path) === router.path + router.url.search + router.url.hash
  );
}
