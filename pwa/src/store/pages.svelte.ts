/** A list of the server's that comes page by page: each a resource of its own, shown as one list. */
import type { ApiPath, List } from '../api/shapes';
import { Resource } from './resource.svelte';
import { session } from './session.svelte';

/** More than anybody has; a server that never came to an end would be asked for ever. */
const MOST = 50;

export class Pages<T extends { id: string }> {
  readonly path: ApiPath;
  #first: Resource<List<T>>;
  #pages = $state.raw<Resource<List<T>>[]>([]);
  /** How many pages are to be shown. */
  #wanted: number;
  #isAsking = $state(false);
  #running: Promise<void> | null = null;

  /** @param isWhole every page is asked for at once; else the first one, and more on demand */
  constructor(path: ApiPath, isWhole = false) {
    this.path = path;
    this.#wanted = isWhole ? MOST : 1;
    this.#first = new Resource<List<T>>(path);
    this.#pages = [this.#first];
  }

  /** How the addresses of its later pages begin. */
  get #after(): string {
    return `${this.path}${this.path.includes('?') ? '&' : '?'}after=`;
  }

  /** All of it as far as it was asked for; `next` is null where that is everything. */
  get value(): List<T> | null {
    const heard = this.#pages.map((page) => page.value).filter((value) => value !== null);
    const last = heard.at(-1);
    if (!this.#first.value || !last) return null;
    const items = new Map(heard.flatMap((page) => page.items).map((item) => [item.id, item]));
    return { items: [...items.values()], next: last.next };
  }

  get hasMore(): boolean {
    return !!this.value?.next;
  }

  /** More is on its way. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  get isLoading(): boolean {
    return this.#first.isLoading;
  }

  get isStale(): boolean {
    return this.#pages.some((page) => page.isStale);
  }

  /** When all of what is shown was heard, in ms; null if some of it never was. */
  get heardAt(): number | null {
    const moments = this.#pages.map((page) => page.heardAt);
    return moments.includes(null) ? null : Math.min(...(moments as number[]));
  }

  load(): Promise<void> {
    this.#running ??= this.#follow((page) => page.load()).finally(() => (this.#running = null));
    return this.#running;
  }

  /** As `load`, but asked for from now on. */
  async reload(): Promise<void> {
    await this.#running;
    await this.load();
  }

  /** The phone's copy, without asking anybody. */
  recall(): Promise<void> {
    return this.#follow((page) => page.recall());
  }

  /** Ask for one page more. */
  async more(): Promise<void> {
    this.#wanted = Math.min(MOST, this.#pages.length + 1);
    this.#isAsking = true;
    await this.reload().finally(() => (this.#isAsking = false));
  }

  /** Each page says where the next one begins, so they are asked for one after the other. */
  async #follow(ask: (page: Resource<List<T>>) => Promise<void>): Promise<void> {
    const found = [this.#first];
    await ask(this.#first);
    while (found.length < this.#wanted) {
      const next = found.at(-1)?.value?.next;
      if (!next) break;
      const path = `${this.#after}${next}` as ApiPath;
      const page = this.#pages.find((one) => one.path === path) ?? new Resource<List<T>>(path);
      await ask(page);
      if (!page.value) break;
      found.push(page);
    }
    this.#pages = found;
    const isWhole = !!this.#first.value && !found.at(-1)?.value?.next;
    if (isWhole && session.state === 'signed_in') await this.#forgetOlder(found);
  }

  /** What was a page before something new came, and begins elsewhere now: nobody would look for it again. */
  async #forgetOlder(found: Resource<List<T>>[]): Promise<void> {
    const { db } = session.phone;
    const here = new Set<string>(found.map((page) => page.path));
    const range = IDBKeyRange.bound(this.#after, `${this.#after}\uffff`);
    for (const path of await db.getAllKeys('resources', range))
      if (!here.has(path)) await db.delete('resources', path);
  }
}
