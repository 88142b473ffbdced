import { SvelteMap } from 'svelte/reactivity';

/**
 * What is before somebody's eyes, as the addresses that notices of it lead to, each with the moment (ms) at which the
 * server was asked for it: whatever this phone has heard of by then is in it, and has done its work.
 */
export const reading = new SvelteMap<string, number>();

/** Of each address the moments of all that show it: one of them may go before the others. */
const shown = new Map<string, number[]>();

function show(at: string, moments: number[]): void {
  shown.set(at, moments);
  if (moments.length) reading.set(at, Math.max(...moments));
  else reading.delete(at);
}

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
    show(here, [...(shown.get(here) ?? []), moment]);
    return () => {
      const left = shown.get(here) ?? [];
      show(here, left.toSpliced(left.indexOf(moment), 1));
    };
  });
}
