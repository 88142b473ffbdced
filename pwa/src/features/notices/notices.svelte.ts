/** My inbox: everything that was pushed or mailed to me, or would have been. */
import { ask } from '../../api/client';
import type { List, NoticeOut } from '../../api/shapes';
import { followsAlone, followsBy } from '../../store/following';
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
  #first = $state.raw(this.#list());
  #count = this.#number();
  #more = $state.raw<NoticeOut[]>([]);
  #after = $state<string | null | undefined>(undefined);
  /** What the server does not know yet that I have seen. */
  #unsent = new Pending<Reads>('reads');
  /** Seen here. */
  #seen = $state.raw<ReadonlySet<string>>(new Set());
  /** Of these the server knew when it was asked how many wait. */
  #counted = $state.raw<ReadonlySet<string>>(new Set());
  isLoadingMore = $state(false);

  constructor() {
    session.onLeave(() => this.#forget());
    // What was seen here has been sent: the number is the server's again.
    this.#unsent.follow(() => this.count());
  }

  /** Newest first. */
  get items(): NoticeOut[] {
    const first = this.#first.value;
    const all = first ? [...first.items, ...this.#more] : [];
    return all.map((one) => (this.#seen.has(one.id) ? { ...one, is_read: true } : one));
  }

  get isLoaded(): boolean {
    return this.#first.value !== null;
  }

  get isStale(): boolean {
    return this.#first.isStale;
  }

  get hasMore(): boolean {
    return (this.#after === undefined ? this.#first.value?.next : this.#after) != null;
  }

  #list(): Resource<List<NoticeOut>> {
    const list = new Resource<List<NoticeOut>>('/api/notices');
    followsAlone(list, () => this.#more.length > 0 || this.isLoadingMore);
    return list;
  }

  #number(): Resource<{ count: number }> {
    const number = new Resource<{ count: number }>('/api/notices/waiting');
    // Which of those seen here are in it is known only of one that was asked for here.
    followsBy.set(number, () => this.count());
    return number;
  }

  async load(): Promise<void> {
    await this.#readSeen();
    await this.#first.load();
    this.#more = [];
    this.#after = undefined;
    this.#showCount();
  }

  async loadMore(): Promise<void> {
    const after = this.#after === undefined ? this.#first.value?.next : this.#after;
    if (!after || this.isLoadingMore) return;
    this.isLoadingMore = true;
    const answer = await ask<List<NoticeOut>>('GET', '/api/notices', { query: { after } });
    this.isLoadingMore = false;
    // The place is from before the server was renewed: the list is read from its beginning.
    if (answer.kind === 'refused' && answer.refusal.reason === 'bad_cursor') return this.load();
    if (answer.kind !== 'ok') return;
    this.#more = [...this.#more, ...answer.data.items];
    this.#after = answer.data.next;
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
    const listed = this.#first.value?.items ?? [];
    const seenSince = listed.filter(
      (one) => isWaiting(one) && this.#seen.has(one.id) && !this.#counted.has(one.id),
    );
    waiting.count = Math.max(0, (this.#count.value?.count ?? 0) - seenSince.length);
    void showOnSign(waiting.count);
  }

  #forget(): void {
    this.#first = this.#list();
    this.#count = this.#number();
    this.#more = [];
    this.#after = undefined;
    this.#unsent.clear();
    this.#seen = new Set();
    this.#counted = new Set();
    waiting.count = 0;
  }
}

const isWaiting = ({ kind, is_read }: NoticeOut): boolean => FROM_PEOPLE.has(kind) && !is_read;

/** The number on the app's own sign, where there is one. */
async function showOnSign(count: number): Promise<void> {
  if (!('setAppBadge' in navigator)) return;
  await (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(
    () => undefined,
  );
}

export const notices = new Notices();
