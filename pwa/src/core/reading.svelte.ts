import { SvelteMap } from 'svelte/reactivity';

/**
 * What is before somebody's eyes: by who shows it, the address that notices of it lead to, and the moment (ms) at which
 * the server was asked for it. Whatever this phone has heard of by then is in it, and has done its work.
 */
export const reading = new SvelteMap<object, { at: string; moment: number }>();

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
    const shower = {};
    reading.set(shower, { at: here, moment });
    return () => reading.delete(shower);
  });
}
