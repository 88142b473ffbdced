/**
 * What is to be known of the server is asked in one question (docs/decisions/opening-on-the-phone.md): what is wanted at
 * the same moment goes together, one question at a time, and what is wanted meanwhile goes with the next one. When
 * somebody looks, all that this phone keeps copies of is asked about with it, so that screens are fresh before they are opened.
 * The single GETs are the way back: for a server that does not know the question, and after one that had no
 * answer. Shared by the page and the service worker.
 */
import { ask, type Answer } from '../api/client';
import type { ApiPath, Refusal } from '../api/shapes';
import { AGAIN } from '../core/again';
import type { Phone, ResourceRow } from './database';
import { whoIsSignedIn } from './device';
import { drop, keep, keepFor, remark } from './kept-answers';
import {
  confirmCopies,
  heldWhole,
  isStillHere,
  letGoOf,
  letGoOfOld,
  LOCK,
  noteConfirmed,
} from './letting-go';
import { whereFree } from './lock';
import { listen } from './news';
import { unseal } from './seal';
import type { Notifications } from './shown';
import {
  answerFor,
  heardIn,
  isOfTheQuestion,
  namedIn,
  type Heard,
  type Known,
  type Synced,
} from './synced';

export { keep };

/** A server reads no more addresses in one question. */
const MOST = 60;
/** What is wanted within so long goes together, in ms. */
const MOMENT = 5;
/** For what is known to be on its way here a question waits no longer, in ms. */
const PATIENCE = 400;
/** So long it may take to find out what is held here, in ms; what takes longer is asked about by itself. */
const HELD = 2_000;
/** How often at most all that is kept here is asked about, in ms. */
const BETWEEN = 60_000;
/** Whoever has looked so short ago has no other reason to, in ms. */
const JUST_NOW = 5_000;
/** How long what came before its screen was opened serves that, in ms: at the place where it was asked, and at another one. */
const FRESH = 10_000;
const FRESH_ELSEWHERE = 1_000;
/** What holds until the same moment for many is asked for up to so much later, in ms. */
const SPREAD = 20_000;
const LONGEST = 86_400_000;
/** One as the server gives it. */
const ETAG = /^"[!#-~]*"$/;

/** It is not there, or not for me to see (any more): what was taken back must not linger on the phones of others. */
const NOT_FOR_ME = new Set([403, 404, 410]);

export type Told<T> = Answer<T> | { kind: 'gone'; refusal: Refusal };
/** Told of the answer, when it was asked for (ms), and under which mark. */
type Take<T> = (told: Told<T>, askedAt: number, mark?: string | null) => unknown;

interface Wanted {
  path: ApiPath;
  etag: string | null;
  take: (answer: Answer<any>, askedAt: number, mark?: string | null) => unknown;
  settle: (taken: Promise<unknown>) => void;
}

const UNREACHABLE: Answer<never> = { kind: 'unreachable' };

class Questions {
  readonly #phone: Phone;
  #waiting: Wanted[] = [];
  /** What is asked at this moment, and who wants to hear it. */
  #asked = new Map<string, Wanted[]>();
  #running: Promise<void> | null = null;
  /** What was heard before anybody wanted it: once, for whoever does. */
  #early = new Map<string, Early>();
  /** When the server last answered about each, in ms. */
  #answeredAt = new Map<string, number>();
  /** Whether the next question is about all that is kept here, or about what an answer had no room for. */
  #isDue: Due = 'no';
  /** When all of it was last asked about, in ms. */
  #lookedAt = -Infinity;
  #opened: Promise<unknown> | null = null;
  #notifications: Notifications | null = null;
  #held: ReturnType<typeof heldWhole> | null = null;
  #confirming: Promise<unknown> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #coming: Promise<unknown> | null = null;
  #come = () => {};
  /** By single GETs: for good, of a server that does not know the question, or until somebody looks again. */
  #isSingle: 'no' | 'for now' | 'for good' = 'no';
  /** These are asked for so in any case. */
  #single = new Set<string>();

  constructor(phone: Phone) {
    this.#phone = phone;
    // What was let go of may be in what came before; what was done here since is not in it.
    listen((news) => {
      if (news.about === 'resources') news.ids?.forEach((id) => this.#early.delete(id));
      else this.#early.clear();
    });
  }

  want(path: ApiPath, etag: string | null, isAnew: boolean, take: Take<any>): Promise<void> {
    return new Promise((done, fail) => {
      const settle = (taken: Promise<unknown>) => void taken.then(() => done(), fail);
      const wanted = { path, etag, take: this.#taking(path, take), settle };
      const early = this.#early.get(path);
      this.#early.delete(path);
      if (!isAnew && early && isFresh(early) && give(wanted, early)) return;
      const asked = isAnew ? undefined : this.#asked.get(path);
      (asked ?? this.#waiting).push(wanted);
      void this.#go();
    });
  }

  #taking(path: string, take: Take<any>): Wanted['take'] {
    return async (answer, askedAt, mark) => {
      if (!isGone(answer)) return take(answer, askedAt, mark);
      // Where it cannot be deleted its store is gone with it.
      await this.#phone.db.delete('resources', path).catch(() => undefined);
      return take({ kind: 'gone', refusal: answer.refusal }, askedAt);
    };
  }

  async look({ notifications, isNow, withoutHeld }: Looking): Promise<void> {
    if (this.#isSingle === 'for now') this.#isSingle = 'no';
    this.#opened ??= letGoOfOld(this.#phone).catch(() => undefined);
    this.#notifications ??= notifications ?? null;
    const wait = isNow ? 0 : this.#lookedAt + BETWEEN - Date.now();
    if (wait > BETWEEN - JUST_NOW) return;
    if (wait > 0) return this.#lookLater(wait);
    if (this.#isDue !== 'all') {
      this.#isDue = 'all';
      this.#held = withoutHeld ? null : this.#whatIsHeld();
      const comes = new Promise<void>((come) => (this.#come = come));
      this.#coming = Promise.race([comes, pause(PATIENCE)]);
    }
    await this.#go();
    await this.#confirming;
  }

  hasCome(): void {
    this.#come();
  }

  /** Only for somebody who sees it: whoever comes back looks anyway. */
  #lookLater(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!isSeen()) return;
      dispatchEvent(new Event(AGAIN));
      void this.look({});
    }, wait);
  }

  #go(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length || this.#isDue !== 'no') {
      await pause(MOMENT);
      await this.#coming;
      await this.#ask().catch(() => this.#giveUp());
    }
  }

  /** The store cannot be had, or is somebody else's by now. */
  #giveUp(): void {
    this.#isDue = 'no';
    this.#tell([...this.#askers(), ...this.#waiting.splice(0)], UNREACHABLE);
  }

  /** Who wants to hear what was asked: from here on it is not on its way any more. */
  #askers(): Wanted[] {
    const askers = [...this.#asked.values()].flat();
    this.#asked = new Map();
    return askers;
  }

  #tell(some: readonly Wanted[], answer: Answer<never>): void {
    for (const one of some) give(one, { answer, etag: one.etag, askedAt: Date.now() });
  }

  async #ask(): Promise<void> {
    const who = await whoIsSignedIn();
    if (who?.id !== this.#phone.personId) return this.#giveUp();
    const due = who.confirmed && !who.ended ? this.#isDue : 'no';
    if (this.#isSingle !== 'no') return this.#askSingly(due);
    if (due !== 'all') return this.#askAll(due);
    // Another tab, or the worker, asks at this moment what may no longer be seen, and lets go of it.
    return whereFree((isFree) => {
      if (!isFree) this.#held = null;
      return this.#askAll(due);
    }, LOCK);
  }

  async #askAll(due: Due): Promise<void> {
    const held = due === 'all' && this.#held ? await this.#heldInTime(this.#held) : [];
    const copies = due === 'no' ? [] : await this.#copies();
    const rows = await this.#rows(copies);
    // Whoever comes from here on goes with the next one.
    this.#isDue = 'no';
    this.#coming = null;
    const known = this.#known(copies, rows);
    if (!known.size && !held?.length) return;
    const [askedAt, place] = [Date.now(), placeNow()];
    if (due === 'all') this.#lookedAt = askedAt;
    const answer = await ask<Synced>('POST', '/api/sync', {
      body: { known: [...known.values()], ...(held?.length ? { held } : {}) },
    });
    if (answer.kind === 'ok' && Array.isArray(answer.data?.changed)) {
      const heard = heardIn(answer.data, known.values(), askedAt);
      await this.#heed(heard, known, rows, place);
      if (due !== 'no' && (await isStillHere(this.#phone)))
        await this.#hasLooked(answer.data, due === 'all' ? held : [], askedAt);
      return;
    }
    if (due === 'all') this.#lookedAt = -Infinity;
    const askers = this.#askers();
    const isRefused = answer.kind === 'refused' && !isOfTheQuestion(answer.status);
    if (answer.kind === 'unreachable') this.#isSingle = 'for now';
    if (answer.kind === 'unreachable' || isRefused) return this.#tell(askers, answer);
    const named = answer.kind === 'refused' ? namedIn(answer.refusal, known.keys()) : null;
    if (named) this.#single.add(named);
    else this.#isSingle = 'for good';
    this.#waiting.unshift(...askers);
    this.#isDue = due;
  }

  /** Null where it takes more than one question, or too long. */
  #heldInTime(held: ReturnType<typeof heldWhole>): ReturnType<typeof heldWhole> {
    return Promise.race([held, pause(HELD, null)]);
  }

  /** All that is kept here and was not answered about just now, what was heard last first. */
  async #copies(): Promise<ResourceRow[]> {
    const rows = await this.#phone.db.getAll('resources');
    const since = Date.now() - BETWEEN;
    return rows
      .filter(({ path }) => !this.#single.has(path) && !((this.#answeredAt.get(path) ?? 0) > since))
      .toSorted((a, b) => b.kept_at - a.kept_at);
  }

  /** With what is kept of all that is wanted. */
  async #rows(copies: ResourceRow[]): Promise<Rows> {
    const rows: Rows = new Map(copies.map((row) => [row.path, row]));
    for (;;) {
      const more = this.#waiting.filter(({ path }) => !rows.has(path));
      if (!more.length) return rows;
      for (const { path } of more) rows.set(path, await this.#phone.db.get('resources', path));
    }
  }

  /** What goes with this question: what is wanted is on the screen, and comes first. */
  #known(copies: ResourceRow[], rows: Rows): Map<string, Known> {
    const known = new Map<string, Known>();
    const add = (path: string, etag: string | null) => {
      if (known.has(path)) return;
      const row = rows.get(path);
      const mark = (etag && row?.etag === etag && row.mark) || null;
      // What a proxy made of one (`W/…`) is asked for whole.
      known.set(path, { path, etag: etag && ETAG.test(etag) ? etag : null, mark });
      this.#asked.set(path, []);
    };
    for (const one of this.#waiting.splice(0)) {
      if (this.#single.has(one.path)) void this.#askOne(one);
      else if (known.size === MOST && !known.has(one.path)) this.#waiting.push(one);
      else {
        add(one.path, one.etag);
        this.#asked.get(one.path)!.push(one);
      }
    }
    for (const { path, etag } of copies) if (known.size < MOST) add(path, etag);
    return known;
  }

  async #heed(
    heard: ReadonlyMap<string, Heard>,
    known: ReadonlyMap<string, Known>,
    rows: Rows,
    place?: string,
  ): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    const [taken, early]: [unknown[], [string, Heard][]] = [[], []];
    for (const [path, askers] of asked) {
      const said = heard.get(path);
      if (said && !askers.length) {
        early.push([path, said]);
        this.#early.set(path, { ...said, at: Date.now(), place });
      }
      if (said) this.#answeredAt.set(path, said.askedAt);
      for (const one of askers) {
        const isTaken = said && give(one, said);
        if (isTaken) taken.push(isTaken);
        else if (heard.size) this.#waiting.push(one);
        // An answer that says nothing would be asked for for ever.
        else this.#tell([one], UNREACHABLE);
      }
    }
    // What may no longer be seen goes only after they have what was said with it.
    await Promise.allSettled(taken);
    if (!(await isStillHere(this.#phone))) return;
    // A copy for later is a comfort: the phone may be full.
    for (const [path, said] of early)
      await keepEarly(this.#phone, path, said, rows.get(path)).catch(() => undefined);
    for (const [path, { answer, etag, mark }] of heard)
      if (answer.kind === 'unchanged' && mark && mark !== known.get(path)!.mark)
        await remark(this.#phone, path, etag, mark);
  }

  /** @param held what was asked about; null where one question had no room for it */
  async #hasLooked(data: Synced, held: object[] | null, askedAt: number): Promise<void> {
    const { gone = [], holds_until, next } = data;
    if (!held) this.#confirm();
    else if (this.#held) {
      await letGoOf(this.#phone, this.#notifications, gone);
      await noteConfirmed(this.#phone, askedAt);
    }
    this.#held = null;
    if (next.length && data.changed.length) this.#isDue = 'rest';
    const until = Date.parse(holds_until ?? '') - Date.now() + Math.random() * SPREAD;
    this.#lookLater(Math.min(Math.max(until || LONGEST, BETWEEN), LONGEST));
  }

  #askSingly(due: Due): void {
    this.#isDue = 'no';
    this.#coming = null;
    for (const one of this.#waiting.splice(0)) void this.#askOne(one);
    if (due !== 'all') return;
    this.#lookedAt = Date.now();
    this.#confirm();
  }

  async #askOne(one: Wanted): Promise<void> {
    const { path, etag } = one;
    const askedAt = Date.now();
    const answer = await ask('GET', path, etag ? { headers: { 'If-None-Match': etag } } : {});
    give(one, { answer, etag, askedAt });
  }

  /** In as many questions of its own as it takes. */
  #confirm(): void {
    this.#confirming = confirmCopies(this.#phone, this.#notifications).catch(() => undefined);
  }

  async #whatIsHeld(): ReturnType<typeof heldWhole> {
    await this.#opened;
    const registration = await globalThis.navigator?.serviceWorker?.getRegistration();
    this.#notifications ??= registration ?? null;
    return heldWhole(this.#phone, this.#notifications).catch(() => null);
  }
}

type Due = 'no' | 'all' | 'rest';
type Early = Heard & { at: number; place?: string };
type Rows = Map<string, ResourceRow | undefined>;

const pause = <T = void>(ms: number, then?: T): Promise<T> =>
  new Promise((done) => setTimeout(done, ms, then));

/** A worker is not. */
const isSeen = (): boolean =>
  (globalThis as { document?: { visibilityState: string } }).document?.visibilityState ===
  'visible';

const placeNow = (): string | undefined => globalThis.location?.pathname;

const isFresh = ({ at, place }: Early): boolean =>
  Date.now() - at < (place === placeNow() ? FRESH : FRESH_ELSEWHERE);

type Refused = Extract<Answer<never>, { kind: 'refused' }>;
const isGone = (answer: Answer<unknown>): answer is Refused =>
  answer.kind === 'refused' && NOT_FOR_ME.has(answer.status);

/** Null: it does not say anything to whoever wants this. */
function give({ etag, take, settle }: Wanted, heard: Heard): Promise<unknown> | null {
  const answer = answerFor(heard, etag);
  if (!answer) return null;
  const taken = (async () => take(answer, heard.askedAt, heard.mark))();
  settle(taken);
  return taken;
}

async function keepEarly(
  phone: Phone,
  path: string,
  { answer, askedAt, mark }: Heard,
  before: ResourceRow | undefined,
): Promise<void> {
  if (answer.kind === 'ok') await keepFor(phone, before, path, { ...answer, askedAt, mark });
  if (isGone(answer)) await drop(phone, path);
}

const all = new WeakMap<Phone, Questions>();

function of(phone: Phone): Questions {
  if (!all.has(phone)) all.set(phone, new Questions(phone));
  return all.get(phone)!;
}

/**
 * Ask for what is under this address; fulfilled when `take` has taken the answer, rejected where it threw.
 * @param etag of what is known of it
 * @param isAnew asked for from now on; else an answer that is on its way will do, or one that came a moment ago, before
 *     its screen was opened
 */
export const want = <T>(
  phone: Phone,
  path: ApiPath,
  etag: string | null,
  isAnew: boolean,
  take: Take<T>,
): Promise<void> => of(phone).want(path, etag, isAnew, take);

interface Looking {
  /** What stands on the lock screen, in the worker; a page finds it. */
  notifications?: Notifications;
  /** However short ago it was. */
  isNow?: boolean;
  /** What may no longer be seen is asked about another time. */
  withoutHeld?: boolean;
}

/**
 * Somebody looks, signal is back, or something was sent: all that is kept here is asked about, with what is wanted anyway;
 * at most once a minute. Never throws.
 */
export const look = (phone: Phone, how: Looking = {}): Promise<void> => of(phone).look(how);

/** What a question about everything waits for a moment is here, or takes longer. */
export const hasCome = (phone: Phone): void => of(phone).hasCome();

/** As `want`, with the phone's copy, and kept as that; answers with what is so, null where nobody said it. */
export async function hear<T>(phone: Phone, path: ApiPath): Promise<T | null> {
  const row = await phone.db.get('resources', path);
  let heard: T | null = null;
  await want<T>(phone, path, row?.etag ?? null, false, async (answer, askedAt, mark) => {
    if (answer.kind === 'unchanged') heard = await unseal<T>(phone.key, row!.sealed);
    if (answer.kind !== 'ok') return;
    heard = answer.data;
    await keep(phone, path, { ...answer, askedAt, mark });
  });
  return heard;
}
