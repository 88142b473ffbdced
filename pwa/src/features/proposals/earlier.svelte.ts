/** Remarks that came before those which come with their proposal: read on when they are asked for. */
import { ask } from '../../api/client';
import type { List, RemarkOut } from '../../api/shapes';
import type { Proposal, Remark } from './laid-over';
import { proposals } from './proposals.svelte';

export class EarlierRemarks {
  #proposal: () => Proposal;
  #items = $state.raw<readonly Remark[]>([]);
  /** Where to read on; undefined before the first page. */
  #next = $state.raw<string | null | undefined>(undefined);
  isBusy = $state(false);
  /** Without signal, or refused: nothing was lost, and it can be tried again. */
  hasFailed = $state(false);

  constructor(proposal: () => Proposal) {
    this.#proposal = proposal;
  }

  /** The oldest first; none that comes with the proposal by now, none that I took back. */
  get items(): readonly Remark[] {
    const shown = new Set(this.#proposal().remarks.map(({ id }) => id));
    return this.#items.filter(({ id }) => !shown.has(id) && !proposals.isTakenBack(id));
  }

  get hasMore(): boolean {
    return this.#place !== null;
  }

  get #place(): string | null {
    return this.#next === undefined ? (this.#proposal().earlier_remarks ?? null) : this.#next;
  }

  async load(): Promise<void> {
    const after = this.#place;
    if (!after || this.isBusy) return;
    this.isBusy = true;
    const path = `/api/proposals/${this.#proposal().id}/remarks` as const;
    const answer = await ask<List<RemarkOut>>('GET', path, { query: { after } });
    this.isBusy = false;
    this.hasFailed = answer.kind !== 'ok';
    if (answer.kind !== 'ok') return;
    this.#items = [...answer.data.items.toReversed().map(asShown), ...this.#items];
    this.#next = answer.data.next;
  }
}

function asShown(remark: RemarkOut): Remark {
  return { ...remark, sending: 'safe', isBeingTakenBack: false };
}
