/** What comes from the server page by page: each a resource of its own, shown as one. */
import type { ApiPath, List } from '../api/shapes';
import { followsBy } from './following';
import { Resource } from './resource.svelte';
import { session } from './session.svelte';

/** More than anybody has; a server that never came to an end would be asked for ever. */
const MOST = 50;

/** The phone's copy as it is by now; where one ends elsewhere than before, the phone may not have the next. */
async function shown(page: Resource<unknown>): Promise<void> {
  await page.catchUp();
  if (page.value === null) await page.load();
}

/** Pages of any shape; whoever shows them puts them together. */
export class Parts<P extends { next: string | null }> {
  readonly path: ApiPath;
  #first: Resource<P>;
  #pages = $state.raw<Resource<P>[]>([]);
  /** How many pages are to be shown. */
  #wanted: number;
  #isAsking = $state(false);
  #running: Promise<void> | null = null;

  /** @param isWhole every page is asked for at once; else the first one, and more on demand */
  constructor(path: ApiPath, isWhole = false) {
    this.path = path;
    this.#wanted = isWhole ? MOST : 1;
    this.#first = this.#page(path);
    this.#pages = [this.#first];
  }

  /** How the addresses of its later pages begin. */
  get #after(): string {
    return `${this.path}${this.path.includes('?') ? '&' : '?'}after=`;
  }

  /** The pages as far as they were asked for; none while the first is not there. */
  get heard(): P[] {
    if (!this.#first.value) return [];
    return this.#pages.map((page) => page.value).filter((value) => value !== null);
  }

  get hasMore(): boolean {
    return !!this.heard.at(-1)?.next;
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

  load(isAnew = false): Promise<void> {
    return this.#again((page) => (isAnew ? page.reload() : page.load()));
  }

  #again(ask: (page: Resource<P>) => Promise<void>): Promise<void> {
    this.#running ??= this.#follow(ask).finally(() => (this.#running = null));
    return this.#running;
  }

  /** As `load`, but asked for from now on. */
  async reload(): Promise<void> {
    await this.#running;
    await this.load(true);
  }

  /** The phone's copy, without asking anybody. */
  recall(): Promise<void> {
    return this.#follow((page) => page.recall());
  }

  /** Another tab may have heard since. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#pages.map((page) => page.catchUp()));
  }

  /** Ask for one page more. */
  async more(): Promise<void> {
    this.#wanted = Math.min(MOST, this.#pages.length + 1);
    this.#isAsking = true;
    await this.reload().finally(() => (this.#isAsking = false));
  }

  /** Each page says where the next one begins, so they are asked for one after the other. */
  async #follow(ask: (page: Resource<P>) => Promise<void>): Promise<void> {
    const found = [this.#first];
    await ask(this.#first);
    while (found.length < this.#wanted) {
      const next = found.at(-1)?.value?.next;
      if (!next) break;
      const path = `${this.#after}${next}` as ApiPath;
      const page = this.#pages.find((one) => one.path === path) ?? this.#page(path);
      await ask(page);
      if (!page.value) break;
      found.push(page);
    }
    this.#pages = found;
    const isWhole = !!this.#first.value && !found.at(-1)?.value?.next;
    if (isWhole && session.state === 'signed_in') await this.#forgetOlder(found);
  }

  #page(path: ApiPath): Resource<P> {
    const page = new Resource<P>(path);
    followsBy.set(page, () => this.#again(shown));
    return page;
  }

  /** What was a page before something new came, and begins elsewhere now: nobody would look for it again. */
  async #forgetOlder(found: Resource<P>[]): Promise<void> {
    const { db } = session.phone;
    const here = new Set<string>(found.map((page) => page.path));
    const range = IDBKeyRange.bound(this.#after, `${this.#after}\uffff`);
    for (const path of await db.getAllKeys('resources', range))
      if (!here.has(path)) await db.delete('resources', path);
  }
}

/** A list whose items have ids: what moves from one page to another meanwhile is shown once. */
export class Pages<T extends { id: string }> extends Parts<List<T>> {
  /** All of it as far as it was asked for; `next` is null where that is everything. */
  get value(): List<T> | null {
    const { heard } = this;
    const last = heard.at(-1);
    if (!last) return null;
    const items = new Map(heard.flatMap((page) => page.items).map((item) => [item.id, item]));
    return { items: [...items.values()], next: last.next };
  }
}
