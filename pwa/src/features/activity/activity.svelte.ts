/** What a cohort shared, in order of time. It ends. */
import { ask } from '../../api/client';
import type { ActivityKind, ActivityOut, List } from '../../api/shapes';
import { followsAlone } from '../../store/following';
import { Resource } from '../../store/resource.svelte';

export class Activity {
  #first: Resource<List<ActivityOut>>;
  #path: `/api/cohorts/${string}/activity`;
  #more = $state.raw<ActivityOut[]>([]);
  /** Cursor after the pages in #more; undefined until one was fetched. */
  #after = $state<string | null | undefined>(undefined);
  isLoadingMore = $state(false);

  constructor(cohortId: string, kind: ActivityKind | null = null) {
    this.#path = `/api/cohorts/${cohortId}/activity`;
    this.#first = new Resource(kind ? `${this.#path}?kind=${kind}` : this.#path);
    this.kind = kind;
    followsAlone(this.#first, () => this.#areMore);
  }

  readonly kind: ActivityKind | null;

  /** Newest first. The first page is there without signal; later ones come when asked for. */
  get items(): ActivityOut[] {
    const first = this.#first.value;
    return first ? [...first.items, ...this.#more] : [];
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

  get refusal() {
    return this.#first.refusal;
  }

  get hasMore(): boolean {
    return (this.#after === undefined ? this.#first.value?.next : this.#after) != null;
  }

  /** Later pages stand here, or are on their way. */
  get #areMore(): boolean {
    return this.#more.length > 0 || this.isLoadingMore;
  }

  async load(): Promise<void> {
    await this.#first.load();
    this.#more = [];
    this.#after = undefined;
  }

  async loadMore(): Promise<void> {
    const after = this.#after === undefined ? this.#first.value?.next : this.#after;
    if (!after || this.isLoadingMore) return;
    this.isLoadingMore = true;
    const answer = await ask<List<ActivityOut>>('GET', this.#path, {
      query: { kind: this.kind, after },
    });
    this.isLoadingMore = false;
    // The place is from before the server was renewed: the list is read from its beginning.
    if (answer.kind === 'refused' && answer.refusal.reason === 'bad_cursor') return this.load();
    if (answer.kind !== 'ok') return;
    this.#more = [...this.#more, ...answer.data.items];
    this.#after = answer.data.next;
  }
}
