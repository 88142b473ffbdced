/** What the server said last of proposals, wherever it said it: in a list, or of the one. */
import { untrack } from 'svelte';
import type { ApiPath, ContractOut, List, ProposalOut } from '../../api/shapes';
import { Resource } from '../../store/resource.svelte';

export class Heard {
  #lists = new Map<string, Resource<List<ProposalOut>>>();
  #ones = new Map<string, Resource<ProposalOut>>();
  #contracts = new Map<string, Resource<ContractOut>>();

  list(cohortId: string, state: 'open' | 'closed'): Resource<List<ProposalOut>> {
    const path: ApiPath = `/api/cohorts/${cohortId}/proposals?state=${state}&limit=100`;
    return made(this.#lists, path, path);
  }

  one(id: string): Resource<ProposalOut> {
    return made(this.#ones, id, `/api/proposals/${id}`);
  }

  contract(cohortId: string): Resource<ContractOut> {
    return made(this.#contracts, cohortId, `/api/cohorts/${cohortId}/contract`);
  }

  /** Every list that somebody has looked at. */
  get lists(): Resource<List<ProposalOut>>[] {
    return [...this.#lists.values()].filter(({ value }) => value !== null);
  }

  /** The newest there is of one. */
  find(id: string): ProposalOut | null {
    const one = this.one(id);
    let [newest, at] = [one.value, one.heardAt ?? 0];
    for (const list of this.#lists.values()) {
      const listed = list.value?.items.find((row) => row.id === id);
      if (listed && (list.heardAt ?? 0) > at) [newest, at] = [listed, list.heardAt ?? 0];
    }
    return newest;
  }

  isHeardSince(id: string, moment: number): boolean {
    const holding = this.lists.filter(({ value }) => value?.items.some((row) => row.id === id));
    return [this.one(id), ...holding].some(({ heardAt }) => (heardAt ?? 0) >= moment);
  }

  forget(): void {
    this.#lists.clear();
    this.#ones.clear();
    this.#contracts.clear();
  }
}

function made<T>(map: Map<string, Resource<T>>, key: string, path: ApiPath): Resource<T> {
  let resource = map.get(key);
  // It may be made inside the very $derived that asks for it, and Svelte does not follow what a reaction itself made.
  if (!resource) map.set(key, (resource = untrack(() => new Resource<T>(path))));
  return resource;
}

/** An answer that was on its way already may be older than what made us ask. */
export async function afresh(resource: Resource<unknown>): Promise<void> {
  if (resource.isLoading) await resource.load();
  await resource.load();
}
