/** What the server has of feedback between me and others, as last heard. */
import type {
  FeedbackBalance,
  FeedbackOut,
  FeedbackRequestOut,
  ReflectionOut,
} from '../../api/shapes';
import { Pages } from '../../store/pages.svelte';
import { Resource } from '../../store/resource.svelte';

type Lists = [
  asking: Pages<FeedbackRequestOut>,
  asked: Pages<FeedbackRequestOut>,
  offered: Pages<FeedbackOut>,
];

export class FeedbackLists {
  /** Whole: an answer of mine that waits here may be to any of them. */
  #lists: Lists = [
    new Pages('/api/feedback-requests?direction=asking&limit=100', true),
    new Pages('/api/feedback-requests?direction=asked&limit=100', true),
    new Pages('/api/feedback-offers', true),
  ];
  #balance = new Resource<FeedbackBalance>('/api/feedback-requests/balance');
  #attached = new Map<string, Resource<ReflectionOut>>();

  get asking(): FeedbackRequestOut[] | null {
    return this.#lists[0].value?.items ?? null;
  }

  get asked(): FeedbackRequestOut[] | null {
    return this.#lists[1].value?.items ?? null;
  }

  get offered(): FeedbackOut[] | null {
    return this.#lists[2].value?.items ?? null;
  }

  get balance(): FeedbackBalance | null {
    return this.#balance.value;
  }

  get isStale(): boolean {
    return this.#lists.some((list) => list.isStale);
  }

  get isHeard(): boolean {
    return this.#lists.every((list) => list.value !== null);
  }

  /** When all of them were asked for, in ms; null while one was not heard. */
  get heardAt(): number | null {
    return this.isHeard ? Math.min(...this.#lists.map(({ heardAt }) => heardAt ?? 0)) : null;
  }

  /**
   * Ask for all of them; whether every one was heard, since then where that matters.
   * @param isFresh something of mine has arrived: an answer on its way may be from before
   */
  async load(isFresh: boolean): Promise<boolean> {
    const began = Date.now();
    const all = [...this.#lists, this.#balance];
    await Promise.all(all.map((list) => (isFresh ? list.reload() : list.load())));
    return this.#lists.every(
      ({ heardAt, isStale }) => heardAt !== null && !isStale && (!isFresh || heardAt >= began),
    );
  }

  /** Another tab may have heard since. */
  async catchUp(): Promise<void> {
    await Promise.all([...this.#lists, this.#balance].map((list) => list.catchUp()));
  }

  /** The reflection that came with an ask. */
  attached(id: string): Resource<ReflectionOut> {
    let resource = this.#attached.get(id);
    if (!resource)
      this.#attached.set(id, (resource = new Resource<ReflectionOut>(`/api/reflections/${id}`)));
    return resource;
  }

  ask(id: string): FeedbackRequestOut | null {
    return this.asking?.find((one) => one.id === id) ?? null;
  }

  offer(id: string): FeedbackOut | null {
    return this.offered?.find((one) => one.id === id) ?? null;
  }
}
