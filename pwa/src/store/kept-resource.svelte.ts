import type { ApiPath } from '../api/shapes';
import { Resource } from './resource.svelte';

/**
 * The one resource for an id. It may be asked for inside a $derived, and Svelte does not follow what
 * a reaction made itself (`untrack` does not change that); so it is made in a root of its own.
 */
export function kept<T>(map: Map<string, Resource<T>>, id: string, path: ApiPath): Resource<T> {
  if (!map.has(id)) $effect.root(() => void map.set(id, new Resource<T>(path)));
  return map.get(id)!;
}
