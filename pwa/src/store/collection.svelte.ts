/**
 * One kind of what I make, change and take away: the server's snapshot with my pending changes laid over it. What the
 * snapshot is, and how the two look together, is the feature's; what is pending, and until when, is decided here.
 */
import { choose, forgetItem, removeItem, takeBackRemoval, tryAgain } from './choices';
import type { ItemKind } from './database';
import { hear, type Said } from './letting-mine-go';
import { Pending } from './pending.svelte';

/** Where the server's side comes from: a resource, its pages, or a part of another one. */
export interface Snapshot {
  load(): Promise<void>;
  /** As `load`, but asked for from now on. */
  reload(): Promise<void>;
  /** The phone's copy, without asking anybody. */
  recall(): Promise<void>;
  /** Another tab may have heard since. */
  catchUp(): Promise<void>;
}

export class Collection<T> extends Pending<T> {
  #snapshot: () => Snapshot;
  #listedBy: readonly string[];
  /** What the server has taken away at my wish, while a snapshot may hold it still. */
  readonly gone = $derived<ReadonlySet<string>>(
    new Set(this.all.filter(({ isGone }) => isGone).map(({ id }) => id)),
  );
  readonly says: (id: string, value: T) => Said;

  /**
   * @param says what the snapshot, just asked for, says of one of mine
   * @param place which of the phone's own items of this kind belong here, by their fields
   */
  constructor(
    kind: ItemKind,
    snapshot: () => Snapshot,
    says: (id: string, value: T) => Said,
    place: Partial<T> = {},
  ) {
    const fields = Object.keys(place) as (keyof T & string)[];
    super(
      kind,
      (value) => fields.every((field) => value[field] === place[field]),
      () => snapshot().catchUp(),
    );
    this.#listedBy = fields;
    this.#snapshot = snapshot;
    this.says = says;
  }

  get own(): this {
    return this;
  }

  /** The phone's copy, without asking anybody. */
  async recall(): Promise<void> {
    await this.read();
    await this.#snapshot().recall();
  }

  /** The phone's copy first, then the server's. What the server has now is no longer ours to keep. */
  load(): Promise<void> {
    return hear([this], (isBehind) => this.#snapshot()[isBehind ? 'reload' : 'load']());
  }

  /** As `load`, but asked for from now on. */
  reload(): Promise<void> {
    return hear([this], () => this.#snapshot().reload());
  }

  /** @param listed as the snapshot has it, where it does */
  remove(id: string, listed?: { value: T; version: number }): Promise<void> {
    return this.step(id, (phone) => removeItem(phone, this.kind, id, listed));
  }

  /** Let it stay after all, while its being taken away is only a wish of this phone. */
  takeBackRemoval(id: string): Promise<void> {
    return this.step(id, (phone) => takeBackRemoval(phone, this.kind, id));
  }

  // --- what could not simply be sent

  /** After a conflict: whose words stand. */
  choose(id: string, whose: 'mine' | 'theirs'): Promise<void> {
    return this.step(id, (phone) => choose(phone, this.kind, id, whose, this.#listedBy));
  }

  /** Send a parked one again as it is. */
  retry(id: string): Promise<void> {
    return this.step(id, (phone) => tryAgain(phone, this.kind, id));
  }

  /** Let words or a wish of mine go that cannot be sent. */
  forget(id: string): Promise<void> {
    return this.step(id, (phone) => forgetItem(phone, this.kind, id));
  }
}
