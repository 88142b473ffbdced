/** A list of the server's in which things can be made and changed without signal. */
import type { ApiPath, List } from '../api/shapes';
import { connection } from './connection.svelte';
import type { ItemKind, OutboxState, Phone, Problem } from './database';
import {
  changeItem,
  letGoOfSent,
  readItems,
  removeItem,
  takeBackRemoval,
  writeItem,
  type KeptItem,
} from './items';
import { Line } from './line';
import { listen } from './news';
import { Resource } from './resource.svelte';
import { seal } from './seal';
import { session } from './session.svelte';

interface Versioned {
  id: string;
  version: number;
}

/** What a server's list is read from: a resource of its own, or a part of another one. */
export interface Listed<T> {
  readonly value: Pick<List<T>, 'items'> | null;
  readonly isStale: boolean;
  load(): Promise<void>;
  /** As `load`, but asked for from now on. */
  reload(): Promise<void>;
  recall(): Promise<void>;
}

/** An item, and how safe it is. */
export type Shown<T> = Omit<T, 'state'> & { state: OutboxState | 'safe'; problem?: Problem };

export class KeptList<T extends Versioned> {
  #listed: Listed<T>;
  /** What was made or changed here and is not seen in the server's list yet. */
  #mine = $state.raw<KeptItem<T>[]>([]);
  /** Taken away here: a list that was asked for before the server heard of it holds them still. */
  #gone = $state.raw<ReadonlySet<string>>(new Set());
  #isRead = false;
  /** A change does not begin with what a load is letting go of. */
  #line = new Line();
  #kind: ItemKind;
  #isWanted: (value: T) => boolean;

  /** @param isWanted which of the phone's own items of this kind belong into this list */
  constructor(
    kind: ItemKind,
    list: ApiPath | Listed<T>,
    isWanted: (value: T) => boolean = () => true,
  ) {
    this.#kind = kind;
    this.#isWanted = isWanted;
    this.#listed = typeof list === 'string' ? new Resource<List<T>>(list) : list;
  }

  /** The server's list as last heard, with what was changed here in its place and what is new here below. */
  get items(): Shown<T>[] {
    const mine = new Map(this.#mine.map((item) => [item.id, item]));
    const listed = (this.#listed.value?.items ?? []).filter(
      ({ id }) => !mine.has(id) && !this.#gone.has(id),
    );
    const changed = this.#mine.filter(({ row }) => row?.intent !== 'delete' || isParked(row));
    return [
      ...listed.map((value) => ({ ...value, state: 'safe' as const })),
      ...changed.map(({ value, row }) => ({
        ...value,
        state: row?.state ?? ('safe' as const),
        ...(row?.problem ? { problem: row.problem } : {}),
      })),
    ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** What was taken away here, and the server has not heard of it: it can still be taken back. */
  get leaving(): Shown<T>[] {
    return this.#mine
      .filter(({ row }) => row?.intent === 'delete' && !isParked(row))
      .map(({ value }) => ({ ...value, state: 'waiting' as const }));
  }

  get isLoaded(): boolean {
    return this.#listed.value !== null;
  }

  get isStale(): boolean {
    return this.#listed.isStale;
  }

  /** Follow what changes here and what was sent; answers with the way to stop. */
  follow(): () => void {
    return listen((news) => {
      if (news.about === this.#kind) void this.reload().catch(() => undefined);
    });
  }

  /** The phone's copy, without asking anybody. */
  async recall(): Promise<void> {
    await this.#listed.recall();
    this.#mine = await this.#read(session.phone);
  }

  /** The phone's copy first, then the server's. What the server now lists is no longer ours to keep. */
  load(): Promise<void> {
    return this.#load(false);
  }

  /** As `load`, but asked for from now on. */
  reload(): Promise<void> {
    return this.#load(true);
  }

  async #load(isFresh: boolean): Promise<void> {
    const phone = session.phone;
    const here = await this.#read(phone);
    // What was just sent stays as it is on the screen until the list has it too.
    if (!this.#isRead) this.#mine = here;
    this.#isRead = true;
    const arrived = here.filter(({ row }) => !row);
    const leaving = here.filter(({ row }) => row?.intent === 'delete').map(({ id }) => id);
    const gone = this.#gone;
    const isBehind = isFresh || arrived.length > 0 || gone.size > 0;
    await (isBehind ? this.#listed.reload() : this.#listed.load());
    const listed = new Map(this.#listed.value?.items.map((one) => [one.id, one.version]));
    await this.#line.next(async () => {
      if (!this.#listed.isStale) {
        for (const one of arrived) await letGoOfSent(phone, this.#kind, one, listed.get(one.id));
        const since = [...this.#gone].filter((id) => !gone.has(id));
        this.#gone = new Set([...leaving, ...since]);
      }
      this.#mine = await this.#read(phone);
    });
  }

  /** Keep it here at once; it is sent when there is signal. @throws PhoneIsFull */
  write(value: T): Promise<void> {
    return this.#line.next(async () => {
      await this.#adopt(value.id);
      await writeItem(session.phone, this.#kind, value.id, value);
      await this.#changed(value.id);
    });
  }

  remove(id: string): Promise<void> {
    return this.#line.next(async () => {
      await this.#adopt(id);
      await removeItem(session.phone, this.#kind, id);
      this.#gone = new Set([...this.#gone, id]);
      await this.#changed(id);
    });
  }

  /** Let it stay after all. What is so by now is asked for at once. */
  async takeBack(id: string): Promise<void> {
    await this.#line.next(async () => {
      await takeBackRemoval(session.phone, this.#kind, id);
      this.#gone = new Set([...this.#gone].filter((one) => one !== id));
      await this.#changed(id);
    });
    await this.load();
  }

  /** What was only ever listed comes onto the phone, so that a change knows which version it changes. */
  async #adopt(id: string): Promise<void> {
    const { phone } = session;
    const listed = this.#listed.value?.items.find((item) => item.id === id);
    if (!listed) return;
    const sealed = await seal(phone.key, listed);
    await changeItem(phone, this.#kind, id, (item, row) =>
      item ? null : { item: { id, version: listed.version, sealed }, row },
    );
  }

  async #changed(id: string): Promise<void> {
    this.#mine = await this.#read(session.phone);
    connection.hasNew(this.#kind, [id]);
  }

  async #read(phone: Phone): Promise<KeptItem<T>[]> {
    const all = await readItems<T>(phone, this.#kind);
    return all.filter(({ value }) => this.#isWanted(value));
  }
}

const isParked = (row: { state: OutboxState }): boolean => row.state !== 'waiting';
