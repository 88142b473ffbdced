/**
 * For tests: what two tabs of one phone, its outbox, another device and a server do in any order, step by step. Each walk is
 * drawn from a number, so that one that fails can be walked again.
 */
import { expect, vi } from 'vitest';
import type { ReminderOut } from '../api/shapes';
import type { ListCollection } from '../store/list-collection.svelte';
import { json, PretendServer, type Seen } from './pretend-server';
import { newPhone, signedInTab, type Tab } from './pretend-tab';

export const WALKS = 60;
const STEPS = 40;

/** A sequence of numbers between 0 and 1 that is the same for the same seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const macrotask = () => new Promise<void>((done) => setImmediate(done));

let server: PretendServer;
let phones: Tab[];
let now: number;

/** @param mutate what is wrong in both tabs, once the modules of each are there */
export async function opened(mutate: () => unknown = () => undefined): Promise<void> {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  // No two questions are asked at the same moment.
  now = Date.parse('2026-11-29T09:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 1));
  phones = [];
  lists.length = 0;
  while (phones.length < 2) {
    const phone = await signedInTab();
    await mutate();
    vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
    phones.push(phone);
    lists.push((await import('../store/list-collection.svelte')).ListCollection);
  }
}

const lists: (typeof ListCollection)[] = [];

/** One of the two tabs, as it looks at the list of one walk. */
interface Looking {
  phone: Tab;
  list: ListCollection<ReminderOut>;
  stop: () => void;
  /** An answer that is on its way to it. */
  held: { release: () => void; loaded: Promise<void> } | null;
  /** How far each item has come that was seen here. */
  seen: Map<string, number>;
}

class Walk {
  readonly cohort: string;
  readonly path: string;
  readonly #next: () => number;
  #looking: Looking[] = [];
  #made = 0;
  #moment = 0;
  /** When each text, and each item's being away, became what is meant. */
  #texts = new Map<string, number>();
  #away = new Map<string, number>();
  #meant = new Map<string, string | null>();
  /** A send whose answer is on its way. */
  #sending: { release: () => void; done: Promise<unknown> } | null = null;
  #fault: 'lost request' | 'lost answer' | null = null;
  #hasSignal = true;
  #heardOf = new Set<string>();
  readonly log: string[] = [];

  constructor(seed: number) {
    this.cohort = `walk-${seed}`;
    this.path = `/api/cohorts/${this.cohort}/reminders`;
    this.#next = numbersFrom(seed);
    server.faults = [(seen) => this.#answer(seen)];
  }

  async begin(): Promise<void> {
    for (const at of phones.keys()) this.#looking.push(this.#look(at));
    await Promise.all(this.#looking.map(({ list }) => list.recall()));
  }

  async go(): Promise<void> {
    await this.begin();
    for (let step = 0; step < STEPS; step += 1) await this.#watched(() => this.#step());
    await this.#watched(() => this.#comeToRest());
    this.#looking.forEach(({ stop }) => stop());
  }

  // --- the server's side

  #answer({ method, path, headers, body }: Seen): Response | 'lost request' | 'lost answer' | null {
    if (method === 'GET' && path === this.path && !this.#hasSignal) return 'lost request';
    if (method === 'GET' && path === this.path)
      return json(200, { items: this.#stored(), next: null });
    const id = path.match(/^\/api\/reminders\/(.+)$/)?.[1];
    if (!id) return null;
    if (method === 'PUT' && headers['If-None-Match'] && this.#heardOf.has(id))
      throw new Error(`${id} was sent as new again: ${JSON.stringify(body)}`);
    const fault = this.#fault;
    if (!fault && method === 'PUT') this.#heardOf.add(id);
    return fault;
  }

  #stored(): ReminderOut[] {
    return [...server.stored.values()]
      .filter(({ cohort_id, deleted }) => cohort_id === this.cohort && !deleted)
      .map(({ owner: _owner, ...row }) => row as unknown as ReminderOut);
  }

  // --- what happens

  async #step(): Promise<void> {
    const looking = this.#pick(this.#looking);
    const shown = looking.list.items.filter(({ state }) => state === 'safe' || state === 'waiting');
    const unsettled = looking.list.items.filter(
      ({ state }) => state === 'parked' || state === 'conflict',
    );
    const some = shown.length ? this.#pick(shown) : null;
    const troubled = unsettled.length ? this.#pick(unsettled) : null;
    const doing: [weight: number, name: string, run: (() => Promise<unknown> | void) | null][] = [
      [3, 'make', this.#made < 3 ? () => this.#make(looking) : null],
      [4, 'change', some && (() => this.#change(looking, some.id))],
      [2, 'remove', some && (() => this.#remove(looking, some.id))],
      [4, 'ask', looking.held ? null : () => this.#ask(looking)],
      [2, 'hear', looking.held && (() => this.#hear(looking))],
      [4, 'load', looking.held ? null : () => looking.list.load()],
      [2, 'load, no signal', looking.held ? null : () => this.#loadInVain(looking)],
      [5, 'send', this.#sending ? null : () => this.#send(looking, null)],
      [1, 'send, lost request', this.#sending ? null : () => this.#send(looking, 'lost request')],
      [2, 'send, lost answer', this.#sending ? null : () => this.#send(looking, 'lost answer')],
      [2, 'send, answer later', this.#sending ? null : () => this.#sendSlowly(looking)],
      [4, 'acknowledged', this.#sending && (() => this.#acknowledged())],
      [2, 'elsewhere', () => this.#elsewhere()],
      [4, 'choose', troubled && (() => this.#choose(looking, troubled.id))],
      [1, 'open anew', looking.held ? null : () => this.#openAnew(looking)],
    ];
    const possible = doing.filter(([, , run]) => run);
    let at = this.#next() * possible.reduce((sum, [weight]) => sum + weight, 0);
    const [, name, run] = possible.find(([weight]) => (at -= weight) < 0)!;
    this.log.push(`tab ${this.#looking.indexOf(looking)}: ${name}`);
    await run!();
  }

  async #make({ list }: Looking): Promise<void> {
    const id = `${this.cohort}-${(this.#made += 1)}`;
    await list.keep(this.#reminder(id, this.#means(id)));
  }

  async #change({ list }: Looking, id: string): Promise<void> {
    const before = list.items.find((one) => one.id === id)!;
    await list.keep(this.#reminder(id, this.#means(id), before.version));
  }

  async #remove({ list }: Looking, id: string): Promise<void> {
    this.#meansAway(id);
    await list.remove(id);
  }

  /** The answer to what is asked now arrives when somebody lets it. */
  async #ask(looking: Looking): Promise<void> {
    const held = server.holdBack(({ path }) => path === this.path);
    const loaded = looking.list.load();
    looking.held = { release: held.release, loaded };
    await held.isAsked;
  }

  async #hear(looking: Looking): Promise<void> {
    const { release, loaded } = looking.held!;
    // Somebody may ask again while it is on its way.
    const again = this.#next() < 0.5 ? looking.list.load() : null;
    await macrotask();
    release();
    await Promise.all([loaded, again]);
    looking.held = null;
  }

  async #loadInVain({ list }: Looking): Promise<void> {
    this.#hasSignal = false;
    await list.load();
    this.#hasSignal = true;
  }

  async #send({ phone }: Looking, fault: 'lost request' | 'lost answer' | null): Promise<void> {
    this.#fault = fault;
    await phone.outbox.drain(true);
    this.#fault = null;
  }

  /** Everything may happen while it is on its way. */
  async #sendSlowly({ phone }: Looking): Promise<void> {
    const held = server.holdBack(({ method, path }) => method !== 'GET' && /reminders/.test(path));
    const done = phone.outbox.drain(true);
    this.#sending = { release: held.release, done };
    await Promise.race([held.isAsked, done]);
  }

  async #acknowledged(): Promise<void> {
    const { release, done } = this.#sending!;
    release();
    await done;
    this.#sending = null;
  }

  /** Another device of mine. */
  #elsewhere(): void {
    const stored = this.#stored();
    if (!stored.length) return;
    const { id } = this.#pick(stored);
    if (this.#next() < 0.7) {
      server.changeElsewhere(id, { about: this.#means(id) });
    } else {
      this.#meansAway(id);
      server.deleteElsewhere(id);
    }
  }

  /** Mine, theirs, or both: then mine becomes another one. */
  async #choose({ list }: Looking, id: string): Promise<void> {
    const { value, theirs, row } = list.find(id)!;
    const how = this.#next();
    if (how < 0.4 && row!.state === 'conflict') {
      if (row!.intent === 'delete') this.#meansAway(id);
      else this.#means(id, value.about);
      return list.choose(id, 'mine');
    }
    if (how < 0.6 && row!.intent === 'put') {
      const copy = `${this.cohort}-${(this.#made += 1)}`;
      await list.keep(this.#reminder(copy, this.#means(copy)));
    }
    this.#meansTheirs(id, theirs?.about);
    await list.choose(id, 'theirs');
  }

  /** Closed and opened: what was only in memory is gone. */
  async #openAnew(looking: Looking): Promise<void> {
    const at = this.#looking.indexOf(looking);
    const anew = this.#look(at);
    await anew.list.recall();
    looking.stop();
    this.#looking[at] = { ...anew, seen: looking.seen };
  }

  async #comeToRest(): Promise<void> {
    if (this.#sending) await this.#acknowledged();
    for (const looking of this.#looking) if (looking.held) await this.#hear(looking);
    const [looking] = this.#looking as [Looking];
    for (let round = 0; (await this.#unsent()).length; round += 1) {
      if (round > 20) throw new Error('it does not come to rest');
      await this.#send(looking, null);
      await looking.list.load();
      for (const { id, state } of looking.list.items)
        if (state === 'parked' || state === 'conflict') await this.#choose(looking, id);
    }
    for (const { list } of this.#looking) await list.load();
    const there = this.#stored().map(({ id, about }) => [id, about]);
    const meant = [...this.#meant].filter(([, text]) => text !== null);
    expect(sorted(there), 'what the server has is what was meant last').toEqual(sorted(meant));
    for (const { list } of this.#looking)
      expect(
        sorted(list.items.map(({ id, about }) => [id, about])),
        'what is shown is what the server has',
      ).toEqual(sorted(there));
    const { db } = looking.phone.session.phone;
    const left = (await db.getAllKeys('reminders')).filter((id) => id.startsWith(this.cohort));
    expect(left, 'what the server shows is not kept besides').toEqual([]);
  }

  async #unsent(): Promise<unknown[]> {
    const rows = await phones[0]!.session.phone.db.getAll('outbox');
    return rows.filter(({ id }) => id.startsWith(this.cohort));
  }

  // --- what is seen

  async #watched(work: () => Promise<void>): Promise<void> {
    const done = work().then(() => true);
    const aMomentLater = () => macrotask().then(() => false);
    while (!(await Promise.race([done, aMomentLater()])))
      this.#looking.forEach((looking) => this.#see(looking));
    // Word between the tabs arrives; then both have read what there is.
    await macrotask();
    await Promise.all(this.#looking.map(({ list }) => list.read()));
    this.#looking.forEach((looking) => this.#see(looking));
  }

  /** Nothing that was seen here goes back to how it was before. */
  #see({ list, seen }: Looking): void {
    const items = new Map(list.items.map((item) => [item.id, item]));
    for (const id of this.#meant.keys()) {
      const item = items.get(id);
      const before = seen.get(id) ?? 0;
      if (!item && !before) continue;
      const moment = item ? this.#texts.get(item.about)! : (this.#away.get(id) ?? 0);
      // What could not be sent stands there as it was, until its author has chosen.
      if (item?.state === 'conflict' || item?.state === 'parked') continue;
      if (moment < before) {
        const what = item ? `${item.about} (${item.state})` : 'nothing';
        throw new Error(`${id} flips back to ${what}\n${this.log.join('\n')}`);
      }
      seen.set(id, moment);
    }
  }

  /** A text that is meant from now on. */
  #means(id: string, text = `text ${this.#moment + 1} of ${id}`): string {
    this.#texts.set(text, (this.#moment += 1));
    this.#meant.set(id, text);
    return text;
  }

  #meansAway(id: string): void {
    this.#away.set(id, (this.#moment += 1));
    this.#meant.set(id, null);
  }

  /** What stood elsewhere when mine could not be sent; by now it may have gone on there. */
  #meansTheirs(id: string, theirs?: string): void {
    const moment = theirs ? this.#texts.get(theirs)! : this.#away.get(id)!;
    for (const { seen } of this.#looking) seen.set(id, Math.min(moment, seen.get(id) ?? 0));
    this.#meant.set(id, this.#stored().find((one) => one.id === id)?.about ?? null);
  }

  #look(at: number): Looking {
    const List = lists[at]!;
    const place = { cohort_id: this.cohort };
    const list = new List<ReminderOut>('reminders', this.path as never, place);
    const stop = list.follow(() => undefined);
    return { phone: phones[at]!, list, stop, held: null, seen: new Map() };
  }

  #reminder(id: string, about: string, version = 0): ReminderOut {
    const { cohort } = this;
    const when = { weekdays: [1], at: '09:00', every_weeks: 1, starts_on: '2026-11-30' };
    return { id, version, cohort_id: cohort, about, ...when, ends_on: null } as never;
  }

  #pick<T>(some: readonly T[]): T {
    return some[Math.floor(this.#next() * some.length)]!;
  }
}

const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted();

/** @throws Error of a walk on which something was wrong, with all that had happened on it */
export async function walk(from: number, until: number): Promise<void> {
  for (let seed = from; seed < until; seed += 1) {
    const one = new Walk(seed);
    await one.go().catch((error: Error) => {
      throw new Error(`walk ${seed}: ${error.message}\n${one.log.join('\n')}`, { cause: error });
    });
  }
}
