/**
 * What I made, changed and took away of one kind, as this phone has it. It is laid over what the server said last, until
 * the server's snapshot has it (letting-mine-go.ts). Of a collection this alone is needed before one can type.
 */
import { connection } from './connection.svelte';
import type { ItemKind, Phone } from './database';
import { addItem, readItems, writeItem, type KeptItem } from './items';
import { Line } from './line';
import { listen } from './news';
import { session } from './session.svelte';

/** So many are read at once: with years of them, the phone has time for its person in between. */
const AT_ONCE = 200;

export class Pending<T> {
  readonly kind: ItemKind;
  /** All of it; of what is gone the value only tells where it belonged. */
  all = $state.raw<readonly KeptItem<T>[]>([]);
  /** What I made or changed. */
  readonly mine = $derived(this.all.filter(({ isGone }) => !isGone));
  /** The phone's copy has been read: what is not here is not mine. */
  isRead = $state(false);
  #isWanted: (value: T) => boolean;
  #catchUp: () => Promise<unknown>;
  #added = 0;
  /** One step after the other: an older reading never comes last, and nothing is written while something is let go of. */
  #line = new Line();

  /**
   * @param isWanted which of the phone's own items of this kind belong here
   * @param catchUp another tab has let go of something: what that tab heard is to be shown
   */
  constructor(
    kind: ItemKind,
    isWanted: (value: T) => boolean = () => true,
    catchUp: () => Promise<unknown> = async () => undefined,
  ) {
    this.kind = kind;
    this.#isWanted = isWanted;
    this.#catchUp = catchUp;
  }

  find(id: string): KeptItem<T> | undefined {
    return this.mine.find((item) => item.id === id);
  }

  /** Follow what changes here, in other tabs and by being sent; answers with the way to stop. */
  follow(then?: () => unknown): () => void {
    return listen((news) => {
      if (news.about !== this.kind) return;
      void this.read(news.ids)
        .then(then)
        .catch(() => undefined);
    });
  }

  /** Read again what is on this phone: these, or all. */
  read(ids?: string[]): Promise<void> {
    return this.inTurn(() => this.#read(ids));
  }

  /** Keep something new, shown from memory: somebody waits. Whoever calls this says so to `connection`. @throws PhoneIsFull */
  async add(id: string, value: T): Promise<void> {
    const item = await addItem(session.phone, this.kind, id, value);
    this.#added += 1;
    this.all = [item, ...this.all];
  }

  /**
   * Keep it here at once; it is sent when there is signal. @throws PhoneIsFull
   * @param known the server's version that its author was looking at, where only the snapshot showed it so far
   */
  write(id: string, value: T, known: number | null = null): Promise<void> {
    return this.step(id, (phone) => writeItem(phone, this.kind, id, value, known));
  }

  /** Whatever else becomes of an item: done, shown and sent. */
  step(id: string, work: (phone: Phone) => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      await work(session.phone);
      await this.#read([id]);
      connection.hasNew(this.kind, [id]);
    });
  }

  inTurn(step: () => Promise<void>): Promise<void> {
    return this.#line.next(step);
  }

  /** Somebody has left: nothing of theirs stays in memory. */
  clear(): void {
    this.all = [];
    this.isRead = false;
  }

  async #read(ids: readonly string[] = []): Promise<void> {
    if (session.state !== 'signed_in') return;
    const { phone } = session;
    const isWhole = !ids.length || !this.isRead;
    const left = isWhole ? await this.#known(phone) : [...ids];
    do {
      const some = left.splice(-AT_ONCE);
      await this.#readSome(phone, some);
      if (!session.isStill(phone)) return;
    } while (left.length);
    this.isRead ||= isWhole;
  }

  /** The ids of all that is on the phone or shown here, in order: they begin with when they were made. */
  async #known({ db }: Phone): Promise<string[]> {
    const here = this.all.map(({ id }) => id);
    return [...new Set([...here, ...(await db.getAllKeys(this.kind))])].toSorted();
  }

  async #readSome(phone: Phone, ids: readonly string[]): Promise<void> {
    let added: number;
    let found: KeptItem<T>[];
    let rest: KeptItem<T>[];
    do {
      added = this.#added;
      found = await readItems<T>(phone, this.kind, ids);
      found = found.filter(({ value }) => this.#isWanted(value));
      const here = new Set(found.map(({ id }) => id));
      const read = new Set([...ids, ...here]);
      rest = this.all.filter(({ id }) => !read.has(id));
      const isGone = ({ id, row }: KeptItem<T>) => !row && read.has(id) && !here.has(id);
      if (this.all.some(isGone)) await this.#catchUp();
    } while (added !== this.#added);
    if (session.isStill(phone)) this.all = [...rest, ...found];
  }
}
