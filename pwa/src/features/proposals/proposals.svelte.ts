/** What is proposed for a cohort's contract: as last heard from the server, with what I did since on top. */
import type { Answer } from '../../api/client';
import type {
  ContractOut,
  PersonRef,
  PositionIn,
  ProposalOut,
  RemarkKind,
  RemarkOut,
} from '../../api/shapes';
import { askFor } from '../../store/asking';
import { Collection } from '../../store/collection.svelte';
import { newId } from '../../store/ids';
import { hear } from '../../store/letting-mine-go';
import type { Pages } from '../../store/pages.svelte';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { remarked, suggested, type Suggestion } from './begun';
import { Heard } from './heard.svelte';
import {
  answerOf,
  isForMe,
  laidOver,
  newestFirst,
  parkedOf,
  settledOf,
  type Kept,
  type MyPosition,
  type Proposal,
  type ProposalsKind,
  type Remark,
} from './laid-over';

/** What I wrote for a proposal that is not there any more. */
export interface LeftWords {
  answer: MyPosition | null;
  remarks: RemarkOut[];
}

/** What can be asked for. */
type Asked = Resource<ProposalOut> | Pages<ProposalOut>;

class ProposalsStore {
  #heard = new Heard();
  #own = {
    proposals: new Collection<ProposalOut>('proposals', () => this.#heard.catchUp()),
    positions: new Collection<PositionIn>('positions', () => this.#heard.catchUp()),
    remarks: new Collection<RemarkOut>('remarks', () => this.#heard.catchUp()),
  };
  /** Remarks of mine that I took back: earlier ones, which are asked for page by page, hold them still. */
  #takenBack = $state.raw<ReadonlySet<string>>(new Set());
  #isAsked = $state(false);

  constructor() {
    session.onLeave(() => this.#forget());
    for (const own of Object.values(this.#own)) own.follow(() => this.#catchUp());
  }

  /** The proposals of a cohort that are open, newest first. */
  open(cohortId: string): Proposal[] {
    const listed = this.#heard.list(cohortId, 'open').value?.items ?? [];
    const mine = this.#own.proposals.mine.map(({ value }) => value);
    const ids = [...listed, ...mine]
      .filter(({ cohort_id }) => cohort_id === cohortId)
      .map(({ id }) => id);
    return this.#shown(ids).filter(({ state }) => state === 'open');
  }

  /** Those where others wait for my answer. */
  forMe(cohortId: string): Proposal[] {
    return this.open(cohortId).filter(isForMe);
  }

  /** Those that were decided, newest first. */
  closed(cohortId: string): Proposal[] {
    const ids = (this.#heard.list(cohortId, 'closed').value?.items ?? []).map(({ id }) => id);
    return this.#shown(ids);
  }

  find(id: string): Proposal | null {
    if (this.#isGone(id)) return null;
    const shown = laidOver(this.#heard.find(id), id, this.#kept, this.#me);
    const remarks = shown?.remarks.filter((one) => !this.#own.remarks.gone.has(one.id)) ?? [];
    return shown && { ...shown, remarks };
  }

  /** Whether I took this remark back; no longer so when that could not be sent. */
  isTakenBack(remarkId: string): boolean {
    const row = this.#own.remarks.find(remarkId)?.row;
    return this.#takenBack.has(remarkId) && (!row || row.state === 'waiting');
  }

  /** Words of mine that no proposal holds any more. */
  left(id: string): LeftWords {
    const answer = answerOf(this.#own.positions.mine.find((one) => one.id === id && one.row));
    const remarks = this.#own.remarks.mine
      .filter(({ value, row }) => row && value.proposal_id === id)
      .map(({ value }) => value);
    return { answer, remarks };
  }

  /** What stands in the contract now: what can be reworded or retired. */
  contract(cohortId: string): Resource<ContractOut> {
    return this.#heard.contract(cohortId);
  }

  /** Whether the server, or the phone's copy, was asked for this one. */
  isAsked(id: string): boolean {
    const one = this.#heard.one(id);
    return this.#isAsked && !one.isLoading && (one.heardAt !== null || one.refusal !== null);
  }

  /** When the server was asked for it as it is shown, in ms. */
  heardAt(id: string): number {
    return this.#heard.heardAt(id);
  }

  /** What is shown is the phone's copy: the server could not be reached. */
  isStale(id: string): boolean {
    return this.#heard.one(id).isStale;
  }

  /** Read the phone's copy, then ask the server for what is open. Never throws. */
  load(cohortId: string): Promise<void> {
    return this.#ask([this.#heard.list(cohortId, 'open')]);
  }

  /** The phone's copy of what is open, kept fresh by each opening; the server is asked only where there is none. */
  async loadHere(cohortId: string): Promise<void> {
    const list = this.#heard.list(cohortId, 'open');
    await list.recall();
    if (list.heardAt === null) await this.load(cohortId);
  }

  loadClosed(cohortId: string): Promise<void> {
    return this.#ask([this.#heard.list(cohortId, 'closed')]);
  }

  loadOne(id: string): Promise<void> {
    return this.#ask([this.#heard.one(id)]);
  }

  // --- what I do; each is on the disk before it is answered. @throws PhoneIsFull

  /** Suggest a change; its id. */
  async suggest(
    suggestion: Suggestion,
    cohortId: string,
    more: Partial<ProposalOut> = {},
  ): Promise<string> {
    const id = newId();
    await this.#own.proposals.write(id, {
      ...suggested(suggestion, cohortId, id, this.#me),
      ...more,
    });
    return id;
  }

  /** Word a suggestion of mine anew: everybody's answer is open again then. */
  async reword(
    id: string,
    words: Pick<ProposalOut, 'text' | 'why' | 'closes_at'> &
      Partial<Pick<ProposalOut, 'starts_on' | 'ends_on'>>,
  ): Promise<void> {
    const kept = this.#own.proposals.find(id);
    const heard = this.#heard.find(id);
    const before = kept?.value ?? heard;
    if (!before) return;
    const value = { ...before, ...words, text: words.text.trim(), why: words.why.trim() };
    await this.#own.proposals.write(id, value, heard?.version ?? null);
  }

  /** At once here, and from the others when there is signal. */
  async withdraw(proposal: Proposal): Promise<void> {
    const { id } = proposal;
    const value = this.#heard.find(id);
    await this.#own.proposals.remove(id, value ? { value, version: value.version } : undefined);
  }

  /** Say where I stand on the words as they are now. */
  stand(proposal: Proposal, said: Omit<PositionIn, 'text_version'>): Promise<void> {
    const value: PositionIn = {
      position: said.position,
      text: said.text.trim(),
      safe_if: said.safe_if.trim(),
      text_version: proposal.text_version,
    };
    return this.#own.positions.write(proposal.id, value);
  }

  /** Ask about it, or suggest another wording. */
  remark(proposal: Proposal, kind: RemarkKind, text: string): Promise<void> {
    const id = newId();
    return this.#own.remarks.write(id, remarked(proposal.id, kind, text, id, this.#me));
  }

  takeRemarkBack(remark: Remark): Promise<void> {
    const { id, version } = remark;
    this.#takenBack = new Set([...this.#takenBack, id]);
    return this.#own.remarks.remove(id, version ? { value: remark, version } : undefined);
  }

  /** Decide before the time is over, everybody being there. The others' answers are the server's to count, so this needs signal. */
  async decideNow({ id, version }: Proposal): Promise<Answer<ProposalOut>> {
    const path = `/api/proposals/${id}/closing` as const;
    const headers = { 'If-Match': `"${version}"` };
    const answer = await askFor<ProposalOut>(session.phone, 'POST', path, { headers });
    await this.#ask([this.#heard.one(id), ...this.#heard.lists], true);
    return answer;
  }

  // --- what could not simply be sent

  choose(id: string, whose: 'mine' | 'theirs'): Promise<void> {
    return this.#own.proposals.choose(id, whose);
  }

  retry(kind: ProposalsKind, id: string): Promise<void> {
    return this.#own[kind].retry(id);
  }

  letGo(kind: ProposalsKind, id: string): Promise<void> {
    this.#takenBack = new Set([...this.#takenBack].filter((one) => one !== id));
    return this.#own[kind].forget(id);
  }

  // ---

  get #kept(): Kept {
    const { proposals, positions, remarks } = this.#own;
    return { proposals: proposals.mine, positions: positions.mine, remarks: remarks.mine };
  }

  get #me(): PersonRef {
    const id = session.state === 'signed_in' ? session.phone.personId : '';
    return { id, name: session.person?.name ?? '' };
  }

  #shown(ids: readonly string[]): Proposal[] {
    return [...new Set(ids)]
      .map((id) => this.find(id))
      .filter((proposal) => proposal !== null)
      .toSorted(newestFirst);
  }

  /** Withdrawn by me, or not to be found any more. */
  #isGone(id: string): boolean {
    const item = this.#own.proposals.find(id);
    if (item?.row) return item.row.intent === 'delete' && item.row.state === 'waiting';
    return this.#own.proposals.gone.has(id) || (!item && this.#heard.one(id).refusal?.code === 404);
  }

  /** What I suggested is not known to have arrived: asking for it would only bring a no. Once it is, it is asked for. */
  #isOnlyHere(resource: Asked): boolean {
    return this.#own.proposals.mine.some(
      ({ id, row }) => row?.base === null && this.#heard.one(id) === resource,
    );
  }

  /** @param isFresh an answer that is on its way may be from before what was done */
  async #ask(resources: Asked[], isFresh = false): Promise<void> {
    try {
      const began = Date.now();
      const { proposals, positions, remarks } = this.#own;
      // What the server has told since then is newer than what had arrived before it was asked.
      const says = (id: string) => this.#heard.saidSince(id, began);
      const laid = [
        { own: proposals, says },
        { own: positions, says },
        { own: remarks, says: (_id: string, one: RemarkOut) => says(one.proposal_id) },
      ];
      await hear(laid, (isBehind) => {
        const known = resources.filter((resource) => !this.#isOnlyHere(resource));
        return Promise.all(known.map((one) => (isBehind || isFresh ? one.reload() : one.load())));
      });
      this.#isAsked = true;
    } catch {
      // Signed out meanwhile: there is nothing to show any more.
    }
  }

  /** Something of mine has reached the server, or cannot: what was heard is behind. */
  #catchUp(): Promise<void> | void {
    const { proposals, remarks } = this.#own;
    const behind = new Set([
      ...settledOf(this.#kept),
      ...parkedOf(this.#kept),
      ...proposals.gone,
      ...remarks.all.filter(({ isGone }) => isGone).map(({ value }) => value.proposal_id),
    ]);
    if (!behind.size) return;
    const ones = [...behind].map((id) => this.#heard.one(id));
    return this.#ask([...ones, ...this.#heard.lists], true);
  }

  #forget(): void {
    this.#heard.forget();
    Object.values(this.#own).forEach((own) => own.clear());
    this.#takenBack = new Set();
    this.#isAsked = false;
  }
}

export const proposals = new ProposalsStore();
