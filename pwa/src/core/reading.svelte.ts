import { SvelteSet } from 'svelte/reactivity';

/** What is before somebody's eyes, as the addresses that notices of it lead to: these have done their work. */
export const reading = new SvelteSet<string>();

/** Called while a screen is made. `at` answers with nothing until what a notice leads to is shown. */
export function isReadAt(at: () => string | null | undefined | false): void {
  $effect(() => {
    const here = at();
    if (!here) return;
    reading.add(here);
    return () => reading.delete(here);
  });
}
