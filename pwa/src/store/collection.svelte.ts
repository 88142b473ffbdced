/**
 * One kind of what I make, change and take away: the server's snapshot with my pending changes laid over it. What the
 * snapshot is, when it is asked for (`hear`), and how the two look together, is the feature's; what is pending, and until
 * when, is decided here.
 */
import { choose, forgetItem, removeItem, takeBackRemoval, tryAgain } from './choices';
import type { ItemKind } from './database';
import { Pending } from './pending.svelte';

export class Collection<T> extends Pending<T> {
  /** What the server has taken away at my wish, while a snapshot may hold it still. */
  readonly gone = $derived<ReadonlySet<string>>(
    new Set(this.all.filter(({ isGone }) => isGone).map(({ id }) => id)),
  );

  /**
   * @param catchUp another tab has let go of something: what that tab heard is to be shown
   * @param place which of the phone's own items of this kind belong here, by their fields
   */
  constructor(kind: ItemKind, catchUp: () => Promise<unknown>, place: Partial<T> = {}) {
    const fields = Object.keys(place) as (keyof T & string)[];
    super(kind, (value) => fields.every((field) => value[field] === place[field]), catchUp);
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
    return this.step(id, (phone) => choose(phone, this.kind, id, whose));
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
