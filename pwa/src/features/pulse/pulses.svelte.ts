/** How a cohort's contract is felt, and the contract it is about: as last heard. */
import type { Answer } from '../../api/client';
import type { CohortPulse, CommitmentPulse, ContractOut } from '../../api/shapes';
import { askFor } from '../../store/asking';
import { kept, theOne } from '../../store/kept-resource.svelte';
import { Parts } from '../../store/pages.svelte';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';

const A_DAY = 86_400_000;

/** How a cohort's contract is felt: the newest check-ins, and those before them on demand. */
export class Felt extends Parts<CohortPulse> {
  /** Each commitment with its pulses, the oldest first; null while nothing was heard. */
  get items(): CommitmentPulse[] | null {
    const pages = this.heard;
    return pages.length > 0 ? joined(pages) : null;
  }

  get toTalkAbout(): CohortPulse['to_talk_about'] {
    return this.heard[0]?.to_talk_about ?? [];
  }
}

/** Pages, the newest first, as one: each commitment in its newest words, each check-in once. */
function joined(pages: readonly CohortPulse[]): CommitmentPulse[] {
  const all = new Map<string, CommitmentPulse>();
  for (const { commitment, pulses } of pages.flatMap(({ items }) => items)) {
    const newer = all.get(commitment.id);
    const there = new Set(newer?.pulses.map(({ check_in_id }) => check_in_id));
    const older = pulses.filter(({ check_in_id }) => !there.has(check_in_id));
    all.set(commitment.id, {
      commitment: newer?.commitment ?? commitment,
      pulses: [...older, ...(newer?.pulses ?? [])],
    });
  }
  return [...all.values()];
}

class Pulses {
  #pulses = new Map<string, Felt>();
  #contracts = new Map<string, Resource<ContractOut>>();

  constructor() {
    session.onLeave(() => {
      this.#pulses.clear();
      this.#contracts.clear();
    });
  }

  of(cohortId: string): Felt {
    const path = `/api/cohorts/${cohortId}/pulse?limit=50` as const;
    return theOne(this.#pulses, cohortId, () => new Felt(path));
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
    const answer = await askFor<void>(session.phone, method, path);
    if (answer.kind === 'ok' && answer.status !== 204) return { kind: 'unreachable' };
    if (answer.kind === 'ok') await this.of(cohortId).reload();
    return answer;
  }
}

export const pulses = new Pulses();
