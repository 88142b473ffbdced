/**
 * What I made of some kinds that belong to one feature, read together from the phone, and the ways to write it.
 * A feature lays it over what the server said last.
 */

import { choose, forgetItem, removeItem, tryAgain } from './choices';
import { connection } from './connection.svelte';
import type { ItemKind, Phone } from './database';
import { letGoOfSent, readItems, writeItem, type KeptItem } from './items';
import { Line } from './line';
import { listen } from './news';
import { session } from './session.svelte';

/** For each kind, what an item of it holds. */
export type Kept<Kinds> = { [Kind in keyof Kinds]: readonly KeptItem<Kinds[Kind]>[] };

export class OwnItems<Kinds extends Partial<Record<ItemKind, unknown>>> {
  #now = $state.raw() as Kept<Kinds>;
  #kinds: readonly (keyof Kinds & ItemKind)[];
  #line = new Line();

  /** @param onnews called when what was read has changed: something was sent, or cannot be */
  constructor(kinds: readonly (keyof Kinds & ItemKind)[], onnews: () => void) {
    this.#kinds = kinds;
    this.#now = this.#nothing();
    session.onLeave(() => (this.#now = this.#nothing()));
    listen((news) => {
      if ((kinds as readonly string[]).includes(news.about)) void this.read().then(onnews);
    });
  }

  get now(): Kept<Kinds> {
    return this.#now;
  }

  /** One reading after the other, so that an older one never comes last. */
  read(): Promise<void> {
    return this.#line.next(() => this.#readNow()).catch(() => undefined);
  }

  /** @throws PhoneIsFull */
  async write(
    kind: keyof Kinds & ItemKind,
    id: string,
    value: unknown,
    known: number | null = null,
  ): Promise<void> {
    // A draft may be a reactive proxy; what is kept is plain.
    const plain = JSON.parse(JSON.stringify(value)) as unknown;
    await writeItem(session.phone, kind, id, plain, known);
    await this.#changed(kind, id);
  }

  async remove(kind: keyof Kinds & ItemKind, id: string): Promise<void> {
    await removeItem(session.phone, kind, id);
    await this.#changed(kind, id);
  }

  // --- what could not simply be sent

  /** After a conflict: whose words stay. */
  async choose(kind: keyof Kinds & ItemKind, id: string, whose: 'mine' | 'theirs'): Promise<void> {
    await choose(session.phone, kind, id, whose);
    await this.#changed(kind, id);
  }

  async retry(kind: keyof Kinds & ItemKind, id: string): Promise<void> {
    await tryAgain(session.phone, kind, id);
    await this.#changed(kind, id);
  }

  /** Let words or a wish of mine go that cannot be sent. */
  async letGo(kind: keyof Kinds & ItemKind, id: string): Promise<void> {
    await forgetItem(session.phone, kind, id);
    await this.#changed(kind, id);
  }

  /** What was heard since is newer than this, which had arrived: it need not be kept besides. */
  hasArrived(
    phone: Phone,
    kind: keyof Kinds & ItemKind,
    sent: Pick<KeptItem<unknown>, 'id' | 'version'>,
  ): Promise<void> {
    return letGoOfSent(phone, kind, sent);
  }

  async #changed(kind: keyof Kinds & ItemKind, id: string): Promise<void> {
    connection.hasNew(kind, [id]);
    await this.read();
  }

  async #readNow(): Promise<void> {
    if (session.state !== 'signed_in') return;
    const { phone } = session;
    const read = await Promise.all(this.#kinds.map((kind) => readItems(phone, kind)));
    if (session.state === 'signed_in' && session.phone === phone)
      this.#now = Object.fromEntries(
        this.#kinds.map((kind, at) => [kind, read[at]]),
      ) as unknown as Kept<Kinds>;
  }

  #nothing(): Kept<Kinds> {
    return Object.fromEntries(this.#kinds.map((kind) => [kind, []])) as unknown as Kept<Kinds>;
  }
}
