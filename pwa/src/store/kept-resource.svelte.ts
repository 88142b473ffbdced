import type { ApiPath } from '../api/shapes';
import { Resource } from './resource.svelte';

/**
 * The one for an id. It may be asked for inside a $derived, and Svelte does not follow what a reaction
 * made itself (`untrack` does not change that); so it is made in a root of its own.
 */
export function theOne<T>(map: Map<string, T>, id: string, make: () => T): T {
  if (!map.has(id)) $effect.root(() => void map.set(id, make()));
  return map.get(id)!;
}

/** The one resource for an id. */
export function kept<T>(map: Map<string, Resource<T>>, id: string, path: ApiPath): Resource<T> {
  return theOne(map, id, () => new Resource<T>(path));
}
