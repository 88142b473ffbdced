/** A cohort's living contract: as last heard from the server, readable whole and back to its first version without signal. */
import { ask, type Answer } from '../../api/client';
import type {
  ContractChange,
  ContractOut,
  ContractVersion,
  List,
  ProposalOut,
  ReviewOut,
  WholeVersion,
} from '../../api/shapes';
import { ListCollection, type Listed, type Shown } from '../../store/list-collection.svelte';
import { newReview } from '../../store/new-review';
import { isKnown } from '../../store/known';
import { theOne } from '../../store/kept-resource.svelte';
import { Pages, Parts } from '../../store/pages.svelte';
import { Resource } from '../../store/resource.svelte';
import type { Phone } from '../../store/database';
import { session } from '../../store/session.svelte';
import { proposals } from '../proposals/proposals.svelte';

/** An ask to look again; `isEnding`: that it was looked at is said on this phone, and not sent yet. */
export type ShownReview = Shown<ReviewOut> & { isEnding: boolean };

/** One for each cohort on the screen. */
export class LivingContract {
  readonly cohortId: string;
  #now: Resource<ContractOut>;
  #versions: Parts<List<ContractVersion>>;
  #whole = $state.raw<Readonly<Record<number, WholeVersion>>>({});
  #listed: Reviews;
  #reviews: ListCollection<ReviewOut>;
  #running: Promise<void> | null = null;

  constructor(cohortId: string) {
    this.cohortId = cohortId;
    this.#now = new Resource(`/api/cohorts/${cohortId}/contract`);
    this.#versions = new Parts(`/api/cohorts/${cohortId}/contract/versions`, true);
    const place = { cohort_id: cohortId };
    this.#listed = new Reviews(cohortId, this.#now);
    this.#reviews = new ListCollection('reviews', this.#listed, place);
  }

  /** As it stands now; null until it was heard of. */
  get now(): ContractOut | null {
    return this.#now.value;
  }

  /** What is shown is the phone's copy: the server could not be reached. */
  get isStale(): boolean {
    return this.#now.isStale;
  }

  /** When the server was asked for it, with what members ask to look at again, in ms; null if it never was. */
  get heardAt(): number | null {
    return this.#listed.heardAt;
  }

  /** It is here, or will not be just now. */
  get isKnown(): boolean {
    return isKnown(this.#now);
  }

  /** How many things the group is asked to look at. */
  get toLookAt(): number {
    return this.reviews.length + this.proposals.length;
  }

  /** What members ask the group to look at again, the newest first. */
  get reviews(): ShownReview[] {
    return [
      ...this.#reviews.items.map((review) => ({ ...review, isEnding: false })),
      ...this.#reviews.leaving.map((review) => ({ ...review, isEnding: true })),
    ].toSorted((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
  }

  /** What is suggested and not decided yet, the one that closes first at the top. */
  get proposals(): Shown<ProposalOut>[] {
    return proposals
      .open(this.cohortId)
      .filter(({ sending, closed_at }) => sending !== 'safe' || closed_at === null)
      .map((one) => ({ ...one, state: one.sending }))
      .toSorted((a, b) => (a.closes_at < b.closes_at ? -1 : 1));
  }

  /** Every version there was, newest first; null until they were heard of. */
  get versions(): ContractVersion[] | null {
    const pages = this.#versions.heard;
    // One that was on the phone before may be on a newer page, too.
    const all = new Map(pages.flatMap(({ items }) => items.map((one) => [one.number, one])));
    return pages.length > 0 ? [...all.values()] : null;
  }

  /** A version as it stood; null while this phone does not have it. */
  whole(number: number): WholeVersion | null {
    return this.#whole[number] ?? null;
  }

  /** Follow what is made here and what was sent; answers with the way to stop. */
  follow(): () => void {
    return this.#reviews.follow();
  }

  /** The phone's copy first, then the server's. Never throws. */
  load(): Promise<void> {
    this.#running ??= this.#load()
      .catch(() => undefined)
      .finally(() => (this.#running = null));
    return this.#running;
  }

  async #load(): Promise<void> {
    await this.loadNow();
    await this.#keepHistory();
  }

  /** As it stands now, without how it came to be so. */
  async loadNow(): Promise<void> {
    await Promise.all([this.#reviews.load(), proposals.load(this.cohortId)]);
  }

  /** A version never changes: each is fetched once, so that any two can be compared without signal. */
  async #keepHistory(): Promise<void> {
    const phone = session.phone;
    await this.#versions.load();
    const missing = (this.versions ?? []).filter(({ number }) => !this.#whole[number]);
    // Together they are one question.
    await Promise.all(missing.map(({ number }) => this.#keepVersion(phone, number)));
  }

  async #keepVersion(phone: Phone, number: number): Promise<void> {
    const path = `/api/cohorts/${this.cohortId}/contract/versions/${number}` as const;
    const version = new Resource<WholeVersion>(path);
    await version.recall();
    // Without signal the others may still be on this phone.
    if (!version.value && !this.#versions.isStale) await version.load();
    if (session.phone !== phone) return;
    if (version.value) this.#whole = { ...this.#whole, [number]: version.value };
  }

  /** Ask everybody to look again, in words or without. @throws PhoneIsFull */
  async askToLookAgain(text: string): Promise<void> {
    await this.#reviews.keep(newReview(this.cohortId, text));
  }

  /** Say that we have looked at it: its asker for good, anybody else until the asker opens it again. */
  async endReview(id: string): Promise<void> {
    await this.#reviews.remove(id);
  }

  /** We have not looked at it after all: what was not sent yet is not sent. */
  async takeEndingBack(id: string): Promise<void> {
    await this.#reviews.takeBack(id);
  }

  /** Say that it was not looked at yet. Needs signal: everybody sees it at once. */
  async reopenReview(id: string): Promise<Answer<ReviewOut>> {
    const answer = await ask<ReviewOut>('POST', `/api/contract-reviews/${id}/reopening`);
    if (answer.kind === 'ok') await this.#reviews.reload();
    return answer;
  }

  retryReview(id: string): Promise<void> {
    return this.#reviews.retry(id);
  }

  /** Take back what could not be sent. */
  letReviewGo(id: string): Promise<void> {
    return this.#reviews.forget(id);
  }

  /** Suggest another number of answers, for all to consent to or not; its id. @throws PhoneIsFull */
  suggestRule(wanted_answers: number | null, why: string): Promise<string> {
    const rule = { kind: 'decide', commitment: null, text: '', why, closes_at: '' } as const;
    const answers_needed = this.now?.answers_needed ?? null;
    return proposals.suggest({ ...rule, wanted_answers }, this.cohortId, { answers_needed });
  }

  /** When we look back. Needs signal: everybody hears of it at once. */
  async change(change: ContractChange): Promise<Answer<ContractOut>> {
    const path = `/api/cohorts/${this.cohortId}/contract` as const;
    const answer = await ask<ContractOut>('PATCH', path, { body: change });
    if (answer.kind === 'ok') await this.#now.reload();
    return answer;
  }
}

/** Reviews come with the contract; where there are many, those behind the first ones in pages of their own. */
class Reviews implements Listed<ReviewOut> {
  #contract: Resource<ContractOut>;
  #all: Pages<ReviewOut>;

  constructor(cohortId: string, contract: Resource<ContractOut>) {
    this.#contract = contract;
    this.#all = new Pages(`/api/cohorts/${cohortId}/contract/reviews`, true);
  }

  /** The contract does not hold all of them. */
  get #areMore(): boolean {
    return Boolean(this.#contract.value?.earlier_reviews);
  }

  get value(): { items: ReviewOut[] } | null {
    const contract = this.#contract.value;
    if (!contract) return null;
    const others = this.#areMore ? (this.#all.value?.items ?? []) : [];
    const items = new Map([...others, ...contract.reviews].map((one) => [one.id, one]));
    return { items: [...items.values()] };
  }

  get heardAt(): number | null {
    const { heardAt } = this.#contract;
    if (heardAt === null || !this.#areMore) return heardAt;
    return Math.min(heardAt, this.#all.heardAt ?? 0);
  }

  get isStale(): boolean {
    return this.#contract.isStale || (this.#areMore && this.#all.isStale);
  }

  load(): Promise<void> {
    return this.#follow((part) => part.load());
  }

  reload(): Promise<void> {
    return this.#follow((part) => part.reload());
  }

  recall(): Promise<void> {
    return this.#follow((part) => part.recall());
  }

  catchUp(): Promise<void> {
    return this.#follow((part) => part.catchUp());
  }

  async #follow(ask: (part: Resource<ContractOut> | Pages<ReviewOut>) => Promise<void>) {
    await ask(this.#contract);
    if (this.#areMore) await ask(this.#all);
  }
}

const known = new Map<string, LivingContract>();
session.onLeave(() => known.clear());

/** The contract of this cohort: the same one on every screen. */
export function contractOf(cohortId: string): LivingContract {
  return theOne(known, cohortId, () => new LivingContract(cohortId));
}
