/** What comes from the server page by page: each a resource of its own, shown as one. */
import type { ApiPath, List } from '../api/shapes';
import { followsBy } from './following';
import { Line } from './line';
import { Resource } from './resource.svelte';
import { session } from './session.svelte';

/** More than anybody has; a server that never came to an end would be asked for ever. */
const MOST = 50;

type Ask = (page: Resource<unknown>) => Promise<void>;

const load: Ask = (page) => page.load();
const reload: Ask = (page) => page.reload();
const recall: Ask = (page) => page.recall();

/** The phone's copy as it is by now; where one ends elsewhere than before, the phone may not have the next. */
async function shown(page: Resource<unknown>): Promise<void> {
  await page.catchUp();
  if (page.value === null) await page.load();
}

/** What a page showed: it becomes less with the phone's copy, and never newer. */
function asItWas<P>({ path, value, heardAt }: Resource<P>): Resource<P> {
  const was = new Resource<P>(path);
  Object.assign(was, { value, heardAt });
  followsBy.set(was, () => undefined);
  return was;
}

const hasValue = ({ value }: Resource<unknown>): boolean => value !== null;

/** Pages of any shape; whoever shows them puts them together. */
export class Parts<P extends { next: string | null }> {
  readonly path: ApiPath;
  #first: Resource<P>;
  #pages = $state.raw<Resource<P>[]>([]);
  /** The one behind them, which could not be had. */
  #missing = $state.raw<Resource<P> | null>(null);
  /** What was shown before, for as long as what is newer is not here to its end. */
  #stood = $state.raw<Resource<P>[]>([]);
  /** How many pages are to be shown. */
  #wanted: number;
  #isAsking = $state(false);
  #line = new Line();
  /** Those in the line that have not begun. */
  #toCome = new Map<Ask, Promise<void>>();
  /** The last one in the line that asks the server for all of it. */
  #loading: Promise<void> | null = null;

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

  /**
   * The pages as far as they were asked for; none while the first is not there. What the last ones say may have been said
   * before by those in front of them, and newer.
   */
  get heard(): P[] {
    if (!this.#first.value) return [];
    return this.#shown.map(({ value }) => value!);
  }

  get #shown(): Resource<P>[] {
    return [...this.#pages, ...this.#stood].filter(hasValue);
  }

  /** Where what is not here begins; null where all of it is. */
  get next(): string | null {
    return this.#pages.findLast(hasValue)?.value?.next ?? null;
  }

  get hasMore(): boolean {
    return this.next !== null;
  }

  /** More is on its way. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  get isLoading(): boolean {
    return this.#first.isLoading;
  }

  get isStale(): boolean {
    return Boolean(this.#missing?.isStale) || this.#pages.some((page) => page.isStale);
  }

  /** When all of what is shown was heard, in ms; null if nothing is. */
  get heardAt(): number | null {
    if (!this.#first.value) return null;
    return Math.min(...this.#shown.map((page) => page.heardAt ?? 0));
  }

  load(): Promise<void> {
    return this.#loading ?? this.#asked(load);
  }

  /** As `load`, but asked for from now on. */
  reload(): Promise<void> {
    return this.#asked(reload);
  }

  async #asked(ask: Ask): Promise<void> {
    const turn = (this.#loading = this.#inTurn(ask));
    await turn.finally(() => {
      if (this.#loading === turn) this.#loading = null;
    });
  }

  /** Whoever wants the same as one that has not begun waits for that one. */
  #inTurn(ask: Ask): Promise<void> {
    const toCome = this.#toCome.get(ask);
    if (toCome) return toCome;
    const turn = this.#line.next(() => {
      this.#toCome.delete(ask);
      return this.#follow(ask);
    });
    this.#toCome.set(ask, turn);
    return turn;
  }

  /** The phone's copy, without asking anybody. */
  recall(): Promise<void> {
    return this.#follow(recall);
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

  /**
   * Each page says where the next one begins, so they are asked for one after the other. Where the next one cannot be had
   * what was shown stays, behind what is new.
   */
  async #follow(ask: Ask): Promise<void> {
    const stood = (this.#stood = this.#shown.map(asItWas));
    const found = [this.#first];
    let missing: Resource<P> | null = null;
    await ask(this.#first);
    while (found.length < this.#wanted && !missing) {
      const next = found.at(-1)?.value?.next;
      if (!next) break;
      const page = this.#at(`${this.#after}${next}` as ApiPath);
      await ask(page);
      if (page.value) found.push(page);
      else missing = page;
    }
    const isCutOff = missing !== null && !missing.refusal;
    const isOld = ({ value }: Resource<P>) => !found.some((page) => page.value === value);
    this.#pages = found;
    this.#missing = missing;
    this.#stood = isCutOff ? stood.filter(isOld) : [];
    const isWhole = !!this.#first.value && !found.at(-1)?.value?.next;
    if (isWhole && session.state === 'signed_in') await this.#forgetOlder(found);
  }

  #at(path: ApiPath): Resource<P> {
    const known = [...this.#pages, this.#missing].find((page) => page?.path === path);
    return known ?? this.#page(path);
  }

  #page(path: ApiPath): Resource<P> {
    const page = new Resource<P>(path);
    followsBy.set(page, () => this.#inTurn(shown));
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
    const { heard, next } = this;
    if (!heard.length) return null;
    const items = new Map<string, T>();
    for (const item of heard.flatMap((page) => page.items))
      if (!items.has(item.id)) items.set(item.id, item);
    return { items: [...items.values()], next };
  }
}
