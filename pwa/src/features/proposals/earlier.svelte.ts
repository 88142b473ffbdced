/** Remarks that came before those which come with their proposal: read on when they are asked for. */
import type { RemarkOut } from '../../api/shapes';
import { LaterPages } from '../../store/paged-list.svelte';
import type { Proposal, Remark } from './laid-over';
import { proposals } from './proposals.svelte';

export class EarlierRemarks {
  #proposal: () => Proposal;
  #pages: LaterPages<RemarkOut>;

  constructor(proposal: () => Proposal) {
    this.#proposal = proposal;
    this.#pages = new LaterPages(
      () => ({
        path: `/api/proposals/${proposal().id}/remarks`,
        cursor: proposal().earlier_remarks,
      }),
      () => proposals.loadOne(proposal().id),
    );
  }

  /** The oldest first; none that comes with the proposal by now, none that I took back. */
  get items(): readonly Remark[] {
    const shown = new Set(this.#proposal().remarks.map(({ id }) => id));
    return this.#pages.items
      .toReversed()
      .filter(({ id }) => !shown.has(id) && !proposals.isTakenBack(id))
      .map(asShown);
  }

  get hasMore(): boolean {
    return this.#pages.hasMore;
  }

  get isBusy(): boolean {
    return this.#pages.isAsking;
  }

  get hasFailed(): boolean {
    return this.#pages.hasFailed;
  }

  load(): Promise<void> {
    return this.#pages.more();
  }
}

function asShown(remark: RemarkOut): Remark {
  return { ...remark, sending: 'safe', isBeingTakenBack: false };
}
