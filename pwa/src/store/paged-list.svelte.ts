/**
 * A list that is read on to: its first page is kept on the phone, later ones come when they are asked for, and only stand
 * on the screen. One that is to be there as a whole, or without signal, is of `Pages` (pages.svelte.ts).
 */
import type { Answer } from '../api/client';
import type { ApiPath, List, Refusal } from '../api/shapes';
import { askFor } from './asking';
import type { Phone } from './database';
import { followsBy } from './following';
import { Resource } from './resource.svelte';
import { session } from './session.svelte';
import { unkept, type Unkept } from './unkept';

class LaterPage<T> implements Unkept {
  value = $state.raw<List<T> | null>(null);
  readonly path: ApiPath;
  readonly #phone: Phone;
  /** While the answer was on its way, something was let go of: it may be in it still. */
  #isOvertaken = false;

  constructor(path: ApiPath, phone: Phone) {
    this.path = path;
    this.#phone = phone;
    unkept.add(new WeakRef(this));
  }

  become(rest: unknown): void {
    this.#isOvertaken = true;
    this.value = rest as List<T> | null;
  }

  get personId(): string {
    return this.#phone.personId;
  }

  async ask(): Promise<Answer<List<T>>> {
    let answer: Answer<List<T>>;
    do {
      this.#isOvertaken = false;
      answer = await askFor<List<T>>(this.#phone, 'GET', this.path);
    } while (this.#isOvertaken);
    if (answer.kind === 'ok') this.value = answer.data;
    return answer;
  }
}

/** The pages behind one place, as far as somebody has read on. */
class Reading<T> {
  readonly begin: ApiPath;
  pages = $state.raw<readonly LaterPage<T>[]>([]);
  isAsking = $state(false);
  hasFailed = $state(false);

  constructor(begin: ApiPath) {
    this.begin = begin;
  }
}

interface Place {
  path: ApiPath;
  /** The cursor at which what stands before these pages ends. */
  cursor: string | null | undefined;
}

/**
 * Later pages of a list, from where its beginning ends: once it ends elsewhere they would leave out, or show again, what
 * lies between, so they are shown no longer; nor is an answer that comes for them then.
 */
export class LaterPages<T> {
  #begin: () => Place;
  #again: () => Promise<unknown>;
  #reading = $state.raw<Reading<T> | null>(null);

  /** @param again asks for the beginning anew, where the server does not know a place of its own any more */
  constructor(begin: () => Place, again: () => Promise<unknown>) {
    this.#begin = begin;
    this.#again = again;
  }

  get items(): T[] {
    return this.#now?.pages.flatMap(({ value }) => value?.items ?? []) ?? [];
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Some stand here, or are on their way. */
  get areSome(): boolean {
    return this.isAsking || !!this.#now?.pages.length;
  }

  get isAsking(): boolean {
    return this.#now?.isAsking ?? false;
  }

  /** Without signal, or refused: nothing was lost, and it can be tried again. */
  get hasFailed(): boolean {
    return this.#now?.hasFailed ?? false;
  }

  /** Read on by one page. Never throws. */
  async more(): Promise<void> {
    const next = this.#next;
    if (!next || this.isAsking || session.state !== 'signed_in') return;
    const reading = (this.#reading = this.#now ?? new Reading(next));
    const page = new LaterPage<T>(next, session.phone);
    reading.isAsking = true;
    const answer = await page.ask().catch(() => null);
    reading.isAsking = false;
    reading.hasFailed = answer?.kind !== 'ok';
    if (answer?.kind === 'ok') reading.pages = [...reading.pages, page];
    // The place is from before the server was renewed: the list is read from its beginning.
    const isUnknown = answer?.kind === 'refused' && answer.refusal.reason === 'bad_cursor';
    if (isUnknown && this.#now === reading) await this.#again();
  }

  /** The list begins anew. */
  clear(): void {
    this.#reading = null;
  }

  /** What was read on to from where the beginning ends now. */
  get #now(): Reading<T> | null {
    const reading = this.#reading;
    return reading && reading.begin === this.#at(this.#begin().cursor) ? reading : null;
  }

  /** The address of the next page. */
  get #next(): ApiPath | null {
    const last = this.#now?.pages.at(-1);
    return this.#at(last ? last.value?.next : this.#begin().cursor);
  }

  #at(cursor: string | null | undefined): ApiPath | null {
    const { path } = this.#begin();
    const query = `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(cursor ?? '')}`;
    return cursor ? (`${path}${query}` as ApiPath) : null;
  }
}

export class PagedList<T> {
  #first: Resource<List<T>>;
  #later: LaterPages<T>;

  constructor(path: ApiPath) {
    const first = (this.#first = new Resource<List<T>>(path));
    const later = new LaterPages<T>(
      () => ({ path, cursor: first.value?.next }),
      () => this.load(),
    );
    this.#later = later;
    // Where somebody reads on, the list stays as it is: what comes in front would move what they read.
    followsBy.set(first, () => later.areSome || first.catchUp());
  }

  get items(): T[] {
    return [...this.firstItems, ...this.#later.items];
  }

  /** Of the page that is there without signal. */
  get firstItems(): readonly T[] {
    return this.#first.value?.items ?? [];
  }

  get isLoading(): boolean {
    return this.#first.isLoading;
  }

  get isLoaded(): boolean {
    return this.#first.value !== null;
  }

  /** What is shown is the phone's copy; the server could not be reached. */
  get isStale(): boolean {
    return this.#first.isStale;
  }

  get refusal(): Refusal | null {
    return this.#first.refusal;
  }

  get hasMore(): boolean {
    return this.#later.hasMore;
  }

  get isLoadingMore(): boolean {
    return this.#later.isAsking;
  }

  get hasFailedToLoadMore(): boolean {
    return this.#later.hasFailed;
  }

  /** From its beginning, where the server can be asked for that: what was read on to comes again to whoever reads on. */
  async load(): Promise<void> {
    await this.#first.load();
    if (!this.isStale) this.#later.clear();
  }

  loadMore(): Promise<void> {
    return this.#later.more();
  }
}
