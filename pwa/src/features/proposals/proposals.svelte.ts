/** What is proposed for a cohort's contract: as last heard from the server, with what I did since on top. */
import { ask, type Answer } from '../../api/client';
import type {
  ContractOut,
  PersonRef,
  PositionIn,
  ProposalOut,
  RemarkKind,
  RemarkOut,
} from '../../api/shapes';
import { adoptItem } from '../../store/adopt';
import { newId } from '../../store/ids';
import { OwnItems } from '../../store/own-items.svelte';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { remarked, suggested, type Suggestion } from './begun';
import { Heard } from './heard.svelte';
import {
  answerOf,
  laidOver,
  newestFirst,
  parkedOf,
  settledOf,
  type MyAnswer,
  type Proposal,
  type ProposalsKind,
  type Remark,
} from './laid-over';

/** What I wrote for a proposal that is not there any more. */
export interface LeftWords {
  answer: MyAnswer | null;
  remarks: RemarkOut[];
}

/** What I made, by its kind. */
interface Own extends Record<ProposalsKind, unknown> {
  proposals: ProposalOut;
  positions: PositionIn;
  remarks: RemarkOut;
}

class ProposalsStore {
  #heard = new Heard();
  #own = new OwnItems<Own>(['proposals', 'positions', 'remarks'], () => this.#catchUp());
  #withdrawn = $state.raw<ReadonlySet<string>>(new Set());
  /** Remarks of mine that I took back: what was heard before holds them still. */
  #takenBack = $state.raw<ReadonlySet<string>>(new Set());
  #isAsked = $state(false);

  constructor() {
    session.onLeave(() => this.#forget());
  }

  /** The proposals of a cohort that are open, newest first. */
  open(cohortId: string): Proposal[] {
    const listed = this.#heard.list(cohortId, 'open').value?.items ?? [];
    const mine = this.#own.now.proposals.map(({ value }) => value);
    const ids = [...listed, ...mine]
      .filter(({ cohort_id }) => cohort_id === cohortId)
      .map(({ id }) => id);
    return this.#shown(ids).filter(({ state }) => state === 'open');
  }

  /** Those that were decided, newest first. */
  closed(cohortId: string): Proposal[] {
    const ids = (this.#heard.list(cohortId, 'closed').value?.items ?? []).map(({ id }) => id);
    return this.#shown(ids);
  }

  find(id: string): Proposal | null {
    if (this.#isGone(id)) return null;
    const shown = laidOver(this.#heard.find(id), id, this.#own.now, this.#me);
    const remarks = shown?.remarks.filter((one) => !this.isTakenBack(one.id)) ?? [];
    return shown && { ...shown, remarks };
  }

  /** Whether I took this remark back; no longer so when that could not be sent. */
  isTakenBack(remarkId: string): boolean {
    const item = this.#own.now.remarks.find(({ id }) => id === remarkId);
    return this.#takenBack.has(remarkId) && (!item?.row || item.row.state === 'waiting');
  }

  /** Words of mine that no proposal holds any more. */
  left(id: string): LeftWords {
    const answer = answerOf(this.#own.now.positions.find((one) => one.id === id && one.row));
    const remarks = this.#own.now.remarks
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

  /** What is shown is the phone's copy: the server could not be reached. */
  isStale(id: string): boolean {
    return this.#heard.one(id).isStale;
  }

  /** Read the phone's copy, then ask the server for what is open. Never throws. */
  load(cohortId: string): Promise<void> {
    return this.#ask([this.#heard.list(cohortId, 'open')]);
  }

  loadClosed(cohortId: string): Promise<void> {
    return this.#ask([this.#heard.list(cohortId, 'closed')]);
  }

  loadOne(id: string): Promise<void> {
    return this.#ask([this.#heard.one(id)]);
  }

  // --- what I do; each is on the disk before it is answered. @throws PhoneIsFull

  /** Suggest a change; its id. */
  async suggest(suggestion: Suggestion, cohortId: string): Promise<string> {
    const id = newId();
    await this.#own.write('proposals', id, suggested(suggestion, cohortId, id, this.#me));
    return id;
  }

  /** Word a suggestion of mine anew: everybody's answer is open again then. */
  async reword(id: string, words: { text: string; why: string; closes_at: string }): Promise<void> {
    const kept = this.#own.now.proposals.find((item) => item.id === id);
    const heard = this.#heard.find(id);
    const before = kept?.value ?? heard;
    if (!before) return;
    const value = { ...before, ...words, text: words.text.trim(), why: words.why.trim() };
    await this.#own.write('proposals', id, value, heard?.version ?? null);
  }

  /** At once here, and from the others when there is signal. */
  async withdraw(proposal: Proposal): Promise<void> {
    const { id } = proposal;
    const heard = this.#heard.find(id);
    if (heard) await adoptItem(session.phone, 'proposals', id, heard, heard.version);
    this.#withdrawn = new Set([...this.#withdrawn, id]);
    await this.#own.remove('proposals', id);
  }

  /** Say where I stand on the words as they are now. */
  stand(proposal: Proposal, said: Omit<PositionIn, 'text_version'>): Promise<void> {
    const value: PositionIn = {
      position: said.position,
      text: said.text.trim(),
      safe_if: said.safe_if.trim(),
      text_version: proposal.text_version,
    };
    return this.#own.write('positions', proposal.id, value);
  }

  /** Ask about it, or suggest another wording. */
  remark(proposal: Proposal, kind: RemarkKind, text: string): Promise<void> {
    const id = newId();
    return this.#own.write('remarks', id, remarked(proposal.id, kind, text, id, this.#me));
  }

  async takeRemarkBack(remark: Remark): Promise<void> {
    const { id, version } = remark;
    if (version) await adoptItem(session.phone, 'remarks', id, remark, version);
    this.#takenBack = new Set([...this.#takenBack, id]);
    await this.#own.remove('remarks', id);
  }

  /** Decide before the time is over, everybody being there. The others' answers are the server's to count, so this needs signal. */
  async decideNow({ id, version }: Proposal): Promise<Answer<ProposalOut>> {
    const answer = await ask<ProposalOut>('POST', `/api/proposals/${id}/closing`, {
      headers: { 'If-Match': `"${version}"` },
    });
    if (answer.kind === 'refused' && answer.status === 401) await session.hasEnded();
    await this.#ask([this.#heard.one(id), ...this.#heard.lists]);
    return answer;
  }

  // --- what could not simply be sent

  choose(id: string, whose: 'mine' | 'theirs'): Promise<void> {
    if (whose === 'theirs') this.#withdrawn = without(this.#withdrawn, id);
    return this.#own.choose('proposals', id, whose);
  }

  retry(kind: ProposalsKind, id: string): Promise<void> {
    return this.#own.retry(kind, id);
  }

  letGo(kind: ProposalsKind, id: string): Promise<void> {
    this.#withdrawn = without(this.#withdrawn, id);
    this.#takenBack = without(this.#takenBack, id);
    return this.#own.letGo(kind, id);
  }

  // ---

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
    const item = this.#own.now.proposals.find((one) => one.id === id);
    if (item?.row) return item.row.intent === 'delete' && item.row.state === 'waiting';
    return this.#withdrawn.has(id) || (!item && this.#heard.one(id).refusal?.code === 404);
  }

  /** What I suggested is not known to have arrived: asking for it would only bring a no. Once it is, it is asked for. */
  #isOnlyHere(resource: Resource<unknown>): boolean {
    return this.#own.now.proposals.some(
      ({ id, row }) => row?.base === null && this.#heard.one(id) === resource,
    );
  }

  async #ask(resources: Resource<unknown>[]): Promise<void> {
    try {
      await this.#own.read();
      const { phone } = session;
      const began = Date.now();
      const settled = settledOf(this.#own.now);
      const known = resources.filter((resource) => !this.#isOnlyHere(resource));
      await Promise.all(known.map((resource) => resource.reload()));
      this.#isAsked = true;
      if (session.state !== 'signed_in' || session.phone !== phone) return;
      // What the server has told since then is newer than what had arrived before it was asked.
      for (const [kind, item, about] of settled)
        if (this.#heard.isHeardSince(about, began)) await this.#own.hasArrived(phone, kind, item);
      await this.#own.read();
    } catch {
      // Signed out meanwhile: there is nothing to show any more.
    }
  }

  /** Something of mine has reached the server, or cannot: what was heard is behind. */
  #catchUp(): void {
    const behind = new Set([
      ...settledOf(this.#own.now).map(([, , about]) => about),
      ...parkedOf(this.#own.now),
    ]);
    if (!behind.size) return;
    void this.#ask([...[...behind].map((id) => this.#heard.one(id)), ...this.#heard.lists]);
  }

  #forget(): void {
    this.#heard.forget();
    this.#withdrawn = new Set();
    this.#takenBack = new Set();
    this.#isAsked = false;
  }
}

const without = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((one) => one !== id));

export const proposals = new ProposalsStore();
