/** My inbox: everything that was pushed or mailed to me, or would have been. */
import type { NoticeOut, UnseenOut, WaitingOut } from '../../api/shapes';
import { happened } from '../../core/happened.svelte';
import { followsBy } from '../../store/following';
import type { Ref } from '../../store/copies';
import { PagedList } from '../../store/paged-list.svelte';
import { Pending } from '../../store/pending.svelte';
import { Resource } from '../../store/resource.svelte';
import type { Reads } from './kinds';
import { session } from '../../store/session.svelte';
import { close, closeRead, type Notifications } from '../../store/shown';
import { waiting } from '../../store/waiting.svelte';

/** One that I have not seen, and since when (ms) this phone knows of it: what was asked for before may be without it. */
export type Unseen = UnseenOut & { since: number };

/** So many can be said to be seen at once. */
const AT_ONCE = 100;

class Notices {
  #list = $state.raw(listed());
  #count = this.#number();
  /** What the server does not know yet that I have seen. */
  #unsent = new Pending<Reads>('reads');
  /** When this phone heard of each that is not seen, in ms. */
  #since = $state.raw<ReadonlyMap<string, number>>(new Map());
  /** Somebody was led here by this one. */
  #followed = $state.raw<Unseen | null>(null);
  /** Seen here. */
  #seen = $state.raw<ReadonlySet<string>>(new Set());

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

  /** The newest that I have not seen, as far as this phone has heard. */
  get unseen(): Unseen[] {
    const newest = (this.#count.value?.newest ?? []).map((one) => ({
      ...one,
      since: this.#since.get(one.id) ?? Infinity,
    }));
    // Of the older ones only the number is known here; this one may be among them.
    const all = this.#followed ? [...newest, this.#followed] : newest;
    return all.filter(({ id }) => !this.#seen.has(id));
  }

  /** Somebody comes by this notice: it is seen once what it leads to is shown as it is from now on. */
  follow(id: string, path: string): void {
    this.#followed = { id, path, also_at: null, since: Date.now() };
  }

  #number(): Resource<WaitingOut> {
    const number = new Resource<WaitingOut>('/api/notices/waiting');
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

  /** How many I have not seen, for the number on Today and the app's sign. */
  async count(): Promise<void> {
    await this.#readSeen();
    // What is on its way was asked for before some of these were sent.
    await (this.#seen.size ? this.#count.reload() : this.#count.load());
    this.#showCount();
  }

  /** I have seen these: kept here at once, told the server when there is signal. */
  async see(ids: readonly string[]): Promise<void> {
    const fresh = ids.filter((id) => !this.#seen.has(id));
    if (!fresh.length) return;
    this.#seen = new Set([...this.#seen, ...fresh]);
    this.#showCount();
    void notifications().then((shown) => close(shown, new Set(fresh.map(refTo))));
    const [id] = fresh;
    await this.#unsent.write(id!, { id: id!, ids: fresh });
  }

  /** All that I have not seen, as far as one question can say. */
  seeAll(): Promise<void> {
    const listed = this.items.filter(({ is_read }) => !is_read);
    const ids = new Set([...this.unseen, ...listed].map(({ id }) => id));
    return this.see([...ids].slice(0, AT_ONCE));
  }

  async #readSeen(): Promise<void> {
    await this.#unsent.read();
    const unsent = this.#unsent.mine.flatMap(({ value }) => value.ids);
    this.#seen = new Set([...this.#seen, ...unsent]);
  }

  #showCount(): void {
    const { count = 0, newest = [] } = this.#count.value ?? {};
    const { heardAt } = this.#count;
    this.#since = new Map(newest.map(({ id }) => [id, this.#since.get(id) ?? heardAt ?? Infinity]));
    waiting.count = count - newest.filter(({ id }) => this.#seen.has(id)).length;
    void showOnSign(waiting.count);
    // Read here or elsewhere: they need not stand on the lock screen any more.
    if (heardAt === null || count > newest.length) return;
    const unread = new Set(this.unseen.map(({ id }) => refTo(id)));
    void notifications().then((shown) => closeRead(shown, unread, heardAt));
  }

  #forget(): void {
    happened.say('');
    this.#list = listed();
    this.#count = this.#number();
    this.#unsent.clear();
    this.#since = new Map();
    this.#followed = null;
    this.#seen = new Set();
    waiting.count = 0;
  }
}

const listed = () => new PagedList<NoticeOut>('/api/notices');

const refTo = (id: string): Ref => `notice/${id}`;

/** What this phone shows of what was pushed. */
const notifications = async (): Promise<Notifications | null> =>
  (await navigator.serviceWorker?.getRegistration().catch(() => null)) ?? null;

/** The number on the app's own sign, where there is one. */
async function showOnSign(count: number): Promise<void> {
  if (!('setAppBadge' in navigator)) return;
  await (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(
    () => undefined,
  );
}

export const notices = new Notices();
