/** My inbox: everything that was pushed or mailed to me, or would have been. */
import type { NoticeOut } from '../../api/shapes';
import { followsBy } from '../../store/following';
import { PagedList } from '../../store/paged-list.svelte';
import { Pending } from '../../store/pending.svelte';
import { Resource } from '../../store/resource.svelte';
import type { Reads } from './kinds';
import { session } from '../../store/session.svelte';
import { waiting } from '../../store/waiting.svelte';

/** As the server counts them: never what the app itself came up with. */
const FROM_PEOPLE = new Set<NoticeOut['kind']>([
  ...(['shared', 'response', 'joined'] as const),
  ...(['feedback', 'contract'] as const),
]);

class Notices {
  #list = $state.raw(listed());
  #count = this.#number();
  /** What the server does not know yet that I have seen. */
  #unsent = new Pending<Reads>('reads');
  /** Seen here. */
  #seen = $state.raw<ReadonlySet<string>>(new Set());
  /** Of these the server knew when it was asked how many wait. */
  #counted = $state.raw<ReadonlySet<string>>(new Set());

  constructor() {
    session.onLeave(() => this.#forget());
    // What was seen here has been sent: the number is the server's again.
    this.#unsent.follow(() => this.count());
  }

  /** Newest first. */
  get items(): NoticeOut[] {
    return this.#list.items.map((one) =>
      this.#seen.has(one.id) ? { ...one, is_read: true } : one,
    );
  }

  get isLoaded(): boolean {
    return this.#list.isLoaded;
  }

  get isStale(): boolean {
    return this.#list.isStale;
  }

  get hasMore(): boolean {
    return this.#list.hasMore;
  }

  get isLoadingMore(): boolean {
    return this.#list.isLoadingMore;
  }

  #number(): Resource<{ count: number }> {
    const number = new Resource<{ count: number }>('/api/notices/waiting');
    // Which of those seen here are in it is known only of one that was asked for here.
    followsBy.set(number, () => this.count());
    return number;
  }

  async load(): Promise<void> {
    await this.#readSeen();
    await this.#list.load();
    this.#showCount();
  }

  loadMore(): Promise<void> {
    return this.#list.loadMore();
  }

  /** How many wait from people, for the dot and the app's sign. */
  async count(): Promise<void> {
    await this.#readSeen();
    const unsent = new Set(this.#unsent.mine.flatMap(({ value }) => value.ids));
    const known = new Set([...this.#seen].filter((id) => !unsent.has(id)));
    // What is on its way was asked for before some of these were sent.
    await (this.#seen.size ? this.#count.reload() : this.#count.load());
    if (!this.#count.isStale) this.#counted = known;
    this.#showCount();
  }

  /** I have seen these: kept here at once, told the server when there is signal. */
  async see(ids: readonly string[]): Promise<void> {
    const fresh = ids.filter((id) => !this.#seen.has(id));
    if (!fresh.length) return;
    this.#seen = new Set([...this.#seen, ...fresh]);
    this.#showCount();
    const [id] = fresh;
    await this.#unsent.write(id!, { id: id!, ids: fresh });
  }

  async #readSeen(): Promise<void> {
    await this.#unsent.read();
    const unsent = this.#unsent.mine.flatMap(({ value }) => value.ids);
    this.#seen = new Set([...this.#seen, ...unsent]);
  }

  #showCount(): void {
    const seenSince = this.#list.firstItems.filter(
      (one) => isWaiting(one) && this.#seen.has(one.id) && !this.#counted.has(one.id),
    );
    waiting.count = Math.max(0, (this.#count.value?.count ?? 0) - seenSince.length);
    void showOnSign(waiting.count);
  }

  #forget(): void {
    this.#list = listed();
    this.#count = this.#number();
    this.#unsent.clear();
    this.#seen = new Set();
    this.#counted = new Set();
    waiting.count = 0;
  }
}

const listed = () => new PagedList<NoticeOut>('/api/notices');

const isWaiting = ({ kind, is_read }: NoticeOut): boolean => FROM_PEOPLE.has(kind) && !is_read;

/** The number on the app's own sign, where there is one. */
async function showOnSign(count: number): Promise<void> {
  if (!('setAppBadge' in navigator)) return;
  await (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(
    () => undefined,
  );
}

export const notices = new Notices();
