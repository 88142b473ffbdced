/** What the server said last of proposals, wherever it said it: in a list, or of the one. */
import type { ApiPath, ContractOut, ProposalOut } from '../../api/shapes';
import { kept, theOne } from '../../store/kept-resource.svelte';
import type { Said } from '../../store/letting-mine-go';
import { Pages } from '../../store/pages.svelte';
import type { Resource } from '../../store/resource.svelte';

export class Heard {
  #lists = new Map<string, Pages<ProposalOut>>();
  #ones = new Map<string, Resource<ProposalOut>>();
  #contracts = new Map<string, Resource<ContractOut>>();

  /** All that are open; of those that were decided the newest. */
  list(cohortId: string, state: 'open' | 'closed'): Pages<ProposalOut> {
    const path: ApiPath = `/api/cohorts/${cohortId}/proposals?state=${state}&limit=100`;
    return theOne(this.#lists, path, () => new Pages(path, state === 'open'));
  }

  one(id: string): Resource<ProposalOut> {
    return kept(this.#ones, id, `/api/proposals/${id}`);
  }

  contract(cohortId: string): Resource<ContractOut> {
    return kept(this.#contracts, cohortId, `/api/cohorts/${cohortId}/contract`);
  }

  /** Every list that somebody has looked at. */
  get lists(): Pages<ProposalOut>[] {
    return [...this.#lists.values()].filter(({ value }) => value !== null);
  }

  /** The newest there is of one. */
  find(id: string): ProposalOut | null {
    return this.#newest(id)[0];
  }

  /** When the newest there is was asked for, in ms. */
  heardAt(id: string): number {
    return this.#newest(id)[1];
  }

  #newest(id: string): [ProposalOut | null, number] {
    const one = this.one(id);
    let [newest, at]: [ProposalOut | null, number] = [one.value, one.heardAt ?? 0];
    for (const list of this.#lists.values()) {
      const listed = list.value?.items.find((row) => row.id === id);
      if (listed && (list.heardAt ?? 0) > at) [newest, at] = [listed, list.heardAt ?? 0];
    }
    return [newest, at];
  }

  /** Another tab may have heard since. */
  async catchUp(): Promise<void> {
    const all = [...this.#lists.values(), ...this.#ones.values()];
    await Promise.all(all.map((one) => one.catchUp()));
  }

  /** What the server has said of one since this moment: something newer than mine, or that it is not there any more. */
  saidSince(id: string, moment: number): Said {
    if (this.#isHeardSince(id, moment)) return Infinity;
    return this.one(id).refusal?.code === 404 ? null : undefined;
  }

  #isHeardSince(id: string, moment: number): boolean {
    const holding = this.lists.filter(({ value }) => value?.items.some((row) => row.id === id));
    return [this.one(id), ...holding].some(({ heardAt }) => (heardAt ?? 0) >= moment);
  }

  forget(): void {
    this.#lists.clear();
    this.#ones.clear();
    this.#contracts.clear();
  }
}
