import { SvelteMap } from 'svelte/reactivity';

/**
 * What is before somebody's eyes, as the addresses that notices of it lead to, each with the moment (ms) at which the
 * server was asked for it: whatever this phone has heard of by then is in it, and has done its work.
 */
export const reading = new SvelteMap<string, number>();

/**
 * Called while a screen is made.
 * @param at nothing until what a notice leads to is shown
 * @param heardAt when the server was asked for what is shown; null: not all of it is. Left out where what is shown is
 * itself what the notice tells of, however old the copy
 */
export function isReadAt(
  at: () => string | null | undefined | false,
  heardAt: () => number | null = () => Infinity,
): void {
  $effect(() => {
    const here = at();
    const moment = heardAt();
    if (!here || moment === null) return;
    reading.set(here, moment);
    return () => reading.delete(here);
  });
}
