/** A collection that is shown as a list of the server's, with what I changed in its place and what is new among it. */
import type { ApiPath, List } from '../api/shapes';
import { Collection } from './collection.svelte';
import type { ItemKind } from './database';
import { standingOf, type KeptItem, type Standing } from './items';
import { hear, type Said } from './letting-mine-go';
import { Resource } from './resource.svelte';

interface Versioned {
  id: string;
  version: number;
}

/** What a list is read from: a resource, its pages, or a part of another one. */
export interface Listed<T> {
  readonly value: { items: T[]; next?: string | null } | null;
  readonly isStale: boolean;
  load(): Promise<void>;
  /** As `load`, but asked for from now on. */
  reload(): Promise<void>;
  /** The phone's copy, without asking anybody. */
  recall(): Promise<void>;
  /** Another tab may have heard since. */
  catchUp(): Promise<void>;
}

/** An item, and how safe it is. */
export type Shown<T> = Omit<T, 'state'> & {
  state: Standing['sending'];
  problem?: Standing['problem'];
};

export class ListCollection<T extends Versioned> extends Collection<T> {
  #listed: Listed<T>;

  /** @param place which of the phone's own items of this kind belong into this list, by their fields */
  constructor(kind: ItemKind, list: ApiPath | Listed<T>, place?: Partial<T>) {
    const listed = typeof list === 'string' ? new Resource<List<T>>(list) : list;
    super(kind, () => listed.catchUp(), place);
    this.#listed = listed;
  }

  get items(): Shown<T>[] {
    const mine = new Set(this.mine.map(({ id }) => id));
    const listed = (this.#listed.value?.items ?? []).filter(
      ({ id }) => !mine.has(id) && !this.gone.has(id),
    );
    return [
      ...listed.map((value) => ({ ...value, state: 'safe' as const })),
      ...this.mine.filter((item) => !isLeaving(item)).map(shown),
    ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** What was taken away here, and the server has not heard of it: it can still be taken back. */
  get leaving(): Shown<T>[] {
    return this.mine.filter(isLeaving).map(shown);
  }

  get isLoaded(): boolean {
    return this.#listed.value !== null;
  }

  get isStale(): boolean {
    return this.#listed.isStale;
  }

  /** The phone's copy, without asking anybody. */
  async recall(): Promise<void> {
    await this.read();
    await this.#listed.recall();
  }

  /** The phone's copy first, then the server's. What the server has now is no longer ours to keep. */
  load(): Promise<void> {
    return this.hear((isBehind) => (isBehind ? this.#listed.reload() : this.#listed.load()));
  }

  /** As `load`, but asked for from now on. */
  reload(): Promise<void> {
    return this.hear(() => this.#listed.reload());
  }

  /** @param ask what asks for the list, or for more of it, from now on */
  hear(ask: (isBehind: boolean) => Promise<unknown>): Promise<void> {
    return hear([{ own: this, says: (id) => this.says(id) }], ask);
  }

  /** What the list, just asked for, says of an item; one that was not answered, or goes on, says nothing of its absence. */
  says(id: string): Said {
    const { value, isStale } = this.#listed;
    if (isStale) return undefined;
    return this.listed(id)?.version ?? (value?.next ? undefined : null);
  }

  /** As the server has it. */
  listed(id: string): T | undefined {
    return this.#listed.value?.items.find((item) => item.id === id);
  }

  /** Make it, or change what is there. @throws PhoneIsFull */
  keep(value: T): Promise<void> {
    return this.write(value.id, value, this.listed(value.id)?.version ?? null);
  }

  /** Follow what changes here and was sent; answers with the way to stop. */
  override follow(then: () => unknown = () => this.reload()): () => void {
    return super.follow(then);
  }

  /** Take it away: here at once, and from everybody when there is signal. */
  override remove(id: string): Promise<void> {
    const value = this.listed(id);
    return super.remove(id, value && { value, version: value.version });
  }

  /** Let it stay after all. What is so by now is asked for at once. */
  async takeBack(id: string): Promise<void> {
    await this.takeBackRemoval(id);
    await this.load();
  }
}

function isLeaving({ row }: KeptItem<unknown>): boolean {
  return row?.intent === 'delete' && row.state === 'waiting';
}

function shown<T>(item: KeptItem<T>): Shown<T> {
  const { sending: state, problem } = standingOf(item);
  return { ...item.value, state, ...(problem ? { problem } : {}) };
}
