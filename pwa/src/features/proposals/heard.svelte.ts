/** What the server said last of proposals, wherever it said it: in a list, or of the one. */
import type { ApiPath, ContractOut, List, ProposalOut } from '../../api/shapes';
import { kept } from '../../store/kept-resource.svelte';
import type { Resource } from '../../store/resource.svelte';

export class Heard {
  #lists = new Map<string, Resource<List<ProposalOut>>>();
  #ones = new Map<string, Resource<ProposalOut>>();
  #contracts = new Map<string, Resource<ContractOut>>();

  list(cohortId: string, state: 'open' | 'closed'): Resource<List<ProposalOut>> {
    const path: ApiPath = `/api/cohorts/${cohortId}/proposals?state=${state}&limit=100`;
    return kept(this.#lists, path, path);
  }

  one(id: string): Resource<ProposalOut> {
    return kept(this.#ones, id, `/api/proposals/${id}`);
  }

  contract(cohortId: string): Resource<ContractOut> {
    return kept(this.#contracts, cohortId, `/api/cohorts/${cohortId}/contract`);
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
