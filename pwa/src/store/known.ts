import type { Resource } from './resource.svelte';

/** It is here, or will not be just now: a screen that is drawn from here on does not move when it comes. */
export const isKnown = ({ value, isStale, refusal }: Resource<unknown>): boolean =>
  value !== null || isStale || refusal !== null;
