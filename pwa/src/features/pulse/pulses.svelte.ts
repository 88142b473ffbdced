/** How a cohort's contract is felt, and the contract it is about: as last heard. */
import { ask, type Answer } from '../../api/client';
import type { CohortPulse, ContractOut } from '../../api/shapes';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { kept } from '../../store/kept-resource.svelte';

const A_DAY = 86_400_000;

class Pulses {
  #pulses = new Map<string, Resource<CohortPulse>>();
  #contracts = new Map<string, Resource<ContractOut>>();

  constructor() {
    session.onLeave(() => {
      this.#pulses.clear();
      this.#contracts.clear();
    });
  }

  of(cohortId: string): Resource<CohortPulse> {
    return kept(this.#pulses, cohortId, `/api/cohorts/${cohortId}/pulse`);
  }

  contract(cohortId: string): Resource<ContractOut> {
    return kept(this.#contracts, cohortId, `/api/cohorts/${cohortId}/contract`);
  }

  /** The phone's own copy; the server is asked only where there is none, or an old one. */
  async contractHere(cohortId: string, now = Date.now()): Promise<void> {
    const contract = this.contract(cohortId);
    await contract.recall();
    if ((contract.heardAt ?? 0) < now - A_DAY) await contract.load();
  }

  /** Say that we have talked about a commitment. Needs signal. */
  haveTalked(cohortId: string, commitmentId: string): Promise<Answer<void>> {
    return this.#say('DELETE', cohortId, commitmentId);
  }

  /** Say that we have not talked about it yet; nobody is told who says so. Needs signal. */
  putBack(cohortId: string, commitmentId: string): Promise<Answer<void>> {
    return this.#say('PUT', cohortId, commitmentId);
  }

  async #say(
    method: 'DELETE' | 'PUT',
    cohortId: string,
    commitmentId: string,
  ): Promise<Answer<void>> {
    const path = `/api/cohorts/${cohortId}/to-talk-about/${commitmentId}` as const;
    const answer = await ask<void>(method, path);
    if (answer.kind === 'refused' && answer.status === 401) await session.hasEnded();
    if (answer.kind === 'ok' && answer.status !== 204) return { kind: 'unreachable' };
    if (answer.kind === 'ok') await this.of(cohortId).reload();
    return answer;
  }
}

export const pulses = new Pulses();
