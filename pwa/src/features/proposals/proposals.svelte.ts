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
import { adoptItem, forgetItem } from '../../store/adopt';
import { choose, tryAgain } from '../../store/choices';
import { connection } from '../../store/connection.svelte';
import { newId } from '../../store/ids';
import { changeItem, readItems, removeItem, writeItem } from '../../store/items';
import { listen } from '../../store/news';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { remarked, suggested, type Suggestion } from './begun';
import { Heard } from './heard.svelte';
import {
  answerOf,
  laidOver,
  newestFirst,
  NOTHING_KEPT,
  parkedOf,
  settledOf,
  type Kept,
  type MyAnswer,
  type Proposal,
  type ProposalsKind,
  type Remark,
} from './laid-over';

const KINDS: readonly ProposalsKind[] = ['proposals', 'positions', 'remarks'];

/** What I wrote for a proposal that is not there any more. */
export interface LeftWords {
  answer: MyAnswer | null;
  remarks: RemarkOut[];
}

class ProposalsStore {
  #heard = new Heard();
  #kept = $state.raw<Kept>(NOTHING_KEPT);
  #withdrawn = $state.raw<ReadonlySet<string>>(new Set());
  #isAsked = $state(false);
  #line: Promise<void> = Promise.resolve();

  constructor() {
    session.onLeave(() => this.#forget());
    listen((news) => {
      if (!(KINDS as readonly string[]).includes(news.about)) return;
      void this.#read().then(() => this.#catchUp());
    });
  }

  /** The proposals of a cohort that are open, newest first. */
  open(cohortId: string): Proposal[] {
    const listed = this.#heard.list(cohortId, 'open').value?.items ?? [];
    const mine = this.#kept.proposals.map(({ value }) => value);
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
    return laidOver(this.#heard.find(id), id, this.#kept, this.#me);
  }

  /** Words of mine that no proposal holds any more. */
  left(id: string): LeftWords {
    const answer = answerOf(this.#kept.positions.find((one) => one.id === id && one.row));
    const remarks = this.#kept.remarks
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
    await this.#write('proposals', id, suggested(suggestion, cohortId, id, this.#me));
    return id;
  }

  /** Word a suggestion of mine anew: everybody's answer is open again then. */
  async reword(id: string, words: { text: string; why: string; closes_at: string }): Promise<void> {
    const kept = this.#kept.proposals.find((item) => item.id === id);
    const heard = this.#heard.find(id);
    const before = kept?.value ?? heard;
    if (!before) return;
    const value = { ...before, ...words, text: words.text.trim(), why: words.why.trim() };
    await this.#write('proposals', id, value, heard?.version ?? null);
  }

  /** At once here, and from the others when there is signal. */
  async withdraw(proposal: Proposal): Promise<void> {
    const { id } = proposal;
    const heard = this.#heard.find(id);
    if (heard) await adoptItem(session.phone, 'proposals', id, heard, heard.version);
    this.#withdrawn = new Set([...this.#withdrawn, id]);
    await removeItem(session.phone, 'proposals', id);
    await this.#changed('proposals', id);
  }

  /** Say where I stand on the words as they are now. */
  stand(proposal: Proposal, said: Omit<PositionIn, 'text_version'>): Promise<void> {
    const value: PositionIn = {
      position: said.position,
      text: said.text.trim(),
      safe_if: said.safe_if.trim(),
      text_version: proposal.text_version,
    };
    return this.#write('positions', proposal.id, value);
  }

  /** Ask about it, or suggest another wording. */
  remark(proposal: Proposal, kind: RemarkKind, text: string): Promise<void> {
    const id = newId();
    return this.#write('remarks', id, remarked(proposal.id, kind, text, id, this.#me));
  }

  async takeRemarkBack(remark: Remark): Promise<void> {
    const { id, version } = remark;
    if (version) await adoptItem(session.phone, 'remarks', id, remark, version);
    await removeItem(session.phone, 'remarks', id);
    await this.#changed('remarks', id);
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

  /** After a conflict: whose words stay. */
  async choose(id: string, whose: 'mine' | 'theirs'): Promise<void> {
    await choose(session.phone, 'proposals', id, whose);
    await this.#changed('proposals', id);
  }

  async retry(kind: ProposalsKind, id: string): Promise<void> {
    await tryAgain(session.phone, kind, id);
    await this.#changed(kind, id);
  }

  /** Let words or a wish of mine go that cannot be sent. */
  async letGo(kind: ProposalsKind, id: string): Promise<void> {
    await forgetItem(session.phone, kind, id);
    this.#withdrawn = without(this.#withdrawn, id);
    await this.#changed(kind, id);
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
    const item = this.#kept.proposals.find((one) => one.id === id);
    if (item?.row) return item.row.intent === 'delete' && item.row.state === 'waiting';
    return this.#withdrawn.has(id) || (!item && this.#heard.one(id).refusal?.code === 404);
  }

  async #ask(resources: Resource<unknown>[]): Promise<void> {
    try {
      await this.#read();
      const { phone } = session;
      const began = Date.now();
      const settled = settledOf(this.#kept);
      await Promise.all(resources.map((resource) => resource.reload()));
      this.#isAsked = true;
      if (session.state !== 'signed_in' || session.phone !== phone) return;
      // What the server has told since then is newer than what had arrived before it was asked.
      for (const [kind, id, about] of settled)
        if (this.#heard.isHeardSince(about, began))
          await changeItem(phone, kind, id, (_item, row) =>
            row ? null : { item: null, row: null },
          );
      await this.#read();
    } catch {
      // Signed out meanwhile: there is nothing to show any more.
    }
  }

  /** Something of mine has reached the server, or cannot: what was heard is behind. */
  #catchUp(): void {
    const behind = new Set([
      ...settledOf(this.#kept).map(([, , about]) => about),
      ...parkedOf(this.#kept),
    ]);
    if (!behind.size) return;
    void this.#ask([...[...behind].map((id) => this.#heard.one(id)), ...this.#heard.lists]);
  }

  async #write(
    kind: ProposalsKind,
    id: string,
    value: unknown,
    known: number | null = null,
  ): Promise<void> {
    // A draft may be a reactive proxy; what is kept is plain.
    const plain = JSON.parse(JSON.stringify(value)) as unknown;
    await writeItem(session.phone, kind, id, plain, known);
    await this.#changed(kind, id);
  }

  async #changed(kind: ProposalsKind, id: string): Promise<void> {
    connection.hasNew(kind, [id]);
    await this.#read();
  }

  /** One reading after the other, so that an older one never comes last. */
  #read(): Promise<void> {
    this.#line = this.#line.then(() => this.#readNow()).catch(() => undefined);
    return this.#line;
  }

  async #readNow(): Promise<void> {
    if (session.state !== 'signed_in') return;
    const { phone } = session;
    const [proposals, positions, remarks] = await Promise.all([
      readItems<ProposalOut>(phone, 'proposals'),
      readItems<PositionIn>(phone, 'positions'),
      readItems<RemarkOut>(phone, 'remarks'),
    ]);
    if (session.state === 'signed_in' && session.phone === phone)
      this.#kept = { proposals, positions, remarks };
  }

  #forget(): void {
    this.#heard.forget();
    this.#kept = NOTHING_KEPT;
    this.#withdrawn = new Set();
    this.#isAsked = false;
  }
}

const without = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((one) => one !== id));

export const proposals = new ProposalsStore();
