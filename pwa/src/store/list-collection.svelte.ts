/** A collection that is shown as a list of the server's, with what I changed in its place and what is new among it. */
import type { ApiPath, List } from '../api/shapes';
import { Collection, type Snapshot } from './collection.svelte';
import type { ItemKind } from './database';
import { standingOf, type KeptItem, type Standing } from './items';
import { Resource } from './resource.svelte';

interface Versioned {
  id: string;
  version: number;
}

/** What a list is read from. */
export interface Listed<T> extends Snapshot {
  readonly value: { items: T[]; next?: string | null } | null;
  readonly isStale: boolean;
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
    super(
      kind,
      () => listed,
      (id) => saidBy(listed, id),
      place,
    );
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

  /** Make it, or change what is there. @throws PhoneIsFull */
  keep(value: T): Promise<void> {
    return this.write(value.id, value, this.#listedAs(value.id)?.version ?? null);
  }

  /** Follow what changes here and was sent; answers with the way to stop. */
  override follow(then: () => unknown = () => this.reload()): () => void {
    return super.follow(then);
  }

  /** Take it away: here at once, and from everybody when there is signal. */
  override remove(id: string): Promise<void> {
    const value = this.#listedAs(id);
    return super.remove(id, value && { value, version: value.version });
  }

  /** Let it stay after all. What is so by now is asked for at once. */
  async takeBack(id: string): Promise<void> {
    await this.takeBackRemoval(id);
    await this.load();
  }

  #listedAs(id: string): T | undefined {
    return this.#listed.value?.items.find((item) => item.id === id);
  }
}

/** What a list that was just asked for says of an item; one that was not answered, or goes on, says nothing of its absence. */
function saidBy<T extends Versioned>({ value, isStale }: Listed<T>, id: string) {
  if (isStale) return undefined;
  const version = value?.items.find((item) => item.id === id)?.version;
  return version ?? (value?.next ? undefined : null);
}

function isLeaving({ row }: KeptItem<unknown>): boolean {
  return row?.intent === 'delete' && row.state === 'waiting';
}

function shown<T>(item: KeptItem<T>): Shown<T> {
  const { sending: state, problem } = standingOf(item);
  return { ...item.value, state, ...(problem ? { problem } : {}) };
}
