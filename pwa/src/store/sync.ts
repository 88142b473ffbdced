/**
 * What is to be known of the server is asked in one question (docs/decisions/opening-on-the-phone.md): what is wanted at
 * the same moment goes together, one question at a time, and what is wanted meanwhile goes with the next one. When
 * somebody looks, all that this phone keeps copies of is asked about with it, so that screens are fresh before they are opened.
 * The single GETs are the way back: for a server that does not know the question, and after one that had no
 * answer. Shared by the page and the service worker.
 */
import { acts, type Answer } from '../api/client';
import type { ApiPath, Me } from '../api/shapes';
import { areStillHere, askAs, askFor } from './asking';
import type { Phone, ResourceRow } from './database';
import { whoIsSignedIn } from './device';
import { askForTheUnheard } from './following';
import { followed, keepForLater, noteUnchanged } from './heard';
import { drop, keep } from './kept-answers';
import { HeldHere } from './held-here';
import { isStillHere, letGoOfThingsAt, LOCK } from './letting-go';
import { whereFree } from './out-of-turn';
import { BETWEEN, LookingAgain, since } from './looking-again';
import { listen } from './news';
import {
  add,
  aQuestion,
  askersIn,
  fitting,
  give,
  isALot,
  isGone,
  knownOf,
  type Due,
  type Question,
  type Rows,
  type Take,
  type Wanted,
} from './question';
import { reach } from './reach';
import { unseal } from './seal';
import type { Notifications } from './shown';
import { heardIn, isOfTheQuestion, listed, namedIn, type Heard, type Synced } from './synced';

export { keep };

/** A server reads no more addresses in one question. */
const MOST = 60;
/** What is wanted within so long goes together, in ms. */
const MOMENT = 5;
/** For what is known to be on its way here a question waits no longer, in ms. */
const PATIENCE = 400;
/** So many addresses are asked about with one question on a line that has just lost one. */
const FEW = 5;
/** Whoever has looked so short ago has no other reason to, in ms. */
const JUST_NOW = 5_000;
const UNREACHABLE: Answer<never> = { kind: 'unreachable' };

class Questions {
  readonly #phone: Phone;
  #waiting: Wanted[] = [];
  #onTheWay = new Set<Question>();
  #running: Promise<void> | null = null;
  /** One that no screen waits for is on its way: what is wanted does not wait for it. */
  #behind: Promise<void> | null = null;
  /** When the server last answered about each, in ms. */
  #answeredAt = new Map<string, number>();
  /** Whether the next question is about all that is kept here, or about what an answer had no room for. */
  #due: Due = 'no';
  /** What the last answer had no room for. */
  #rest = new Set<string>();
  /** All of it, also what was answered about just now. */
  #isNow = false;
  /** Somebody looked while a question about all of it was on its way. */
  #hasLookedAgain = false;
  readonly #here: HeldHere;
  readonly #lookingAgain = new LookingAgain(() => void this.look({}));
  /** Undefined: not found out yet. */
  #held: Question['held'] | undefined;
  #finding: Promise<unknown> | null = null;
  #coming: Promise<unknown> | null = null;
  #come = () => {};
  /** After a lost question little is asked at once; then what the screen wants apart from the rest, until that arrives. */
  #line: 'good' | 'thin' | 'apart' = 'good';
  /** By single GETs: for good, of a server that does not know the question, or until somebody looks again. */
  #singly: 'no' | 'for now' | 'for good' = 'no';
  /** These are asked for so in any case. */
  #single = new Set<string>();
  readonly #stop: () => void;

  constructor(phone: Phone) {
    this.#phone = phone;
    this.#here = new HeldHere(phone);
    this.#stop = listen((news) => {
      // What was let go of, and what was done, is not so in what is on its way.
      for (const question of this.#onTheWay)
        if (news.about === 'resources') news.ids.forEach((path) => question.letGo.add(path));
        else if (news.about !== 'answer') question.isOvertaken = true;
    });
  }

  /** Its person has left. */
  forget(): void {
    this.#stop();
    this.#lookingAgain.end();
  }

  want(path: ApiPath, etag: string | null, isAnew: boolean, take: Take<any>): Promise<void> {
    return new Promise((done, fail) => {
      const settle = (taken: Promise<unknown>) => void taken.then(() => done(), fail);
      const wanted = { path, etag, take: this.#taking(path, take), settle };
      const asked = isAnew ? undefined : this.#askersOf(path);
      (asked ?? this.#waiting).push(wanted);
      void this.#go();
    });
  }

  /** Of a question on its way that will do for whoever wants this now: nothing was done since it was asked. */
  #askersOf(path: string): Wanted[] | undefined {
    return [...this.#onTheWay]
      .filter((one) => !one.isOvertaken && one.actsBefore === acts.made)
      .filter((one) => !one.isLarge && !one.letGo.has(path))
      .flatMap(({ askers }) => (askers.has(path) ? [askers.get(path)!] : []))[0];
  }

  #taking(path: string, take: Take<any>): Wanted['take'] {
    return async (answer, askedAt, mark) => {
      if (!isGone(answer)) return take(answer, askedAt, mark);
      try {
        return await take({ kind: 'gone', refusal: answer.refusal }, askedAt);
      } finally {
        // Whoever else shows it forgets it too. Where it cannot be deleted its store is gone with it.
        await drop(this.#phone, path).catch(() => undefined);
        // Nobody waits for it: it looks through all that is kept.
        void letGoOfThingsAt(this.#phone, [path]).catch(() => undefined);
      }
    };
  }

  async look({ notifications, isNow, withoutHeld }: Looking): Promise<void> {
    if (this.#singly === 'for now') this.#singly = 'no';
    this.#here.prepare(notifications);
    const { ago } = this.#lookingAgain;
    if (!isNow && ago < JUST_NOW) {
      this.#hasLookedAgain = [...this.#onTheWay].some(({ due }) => due === 'all');
      return;
    }
    if (!isNow && ago < BETWEEN) return this.#lookingAgain.later(BETWEEN - ago);
    this.#isNow ||= isNow === true;
    if (this.#due !== 'all') this.#askAboutAll(withoutHeld);
    askForTheUnheard();
    await this.#go();
    await this.#finding;
    await this.#running;
    while (this.#behind) await this.#behind;
    await this.#here.asking;
  }

  #askAboutAll(withoutHeld = false): void {
    this.#due = 'all';
    this.#held = withoutHeld ? 'no' : undefined;
    const found = (this.#finding = withoutHeld ? null : this.#findHeld());
    const comes = new Promise<void>((come) => (this.#come = come));
    this.#coming = Promise.race([Promise.all([comes, found]), pause(PATIENCE)]);
  }

  hasCome(): void {
    this.#come();
  }

  #go(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    do {
      await pause(MOMENT);
      await this.#coming;
      await this.#ask();
    } while (this.#isToAsk());
    // At once: whoever wants something from here on begins anew.
    this.#running = null;
  }

  /** Somebody waits, also one who had joined a question whose answer did not do. */
  #isToAsk(): boolean {
    return this.#waiting.length > 0 || this.#isReady();
  }

  /** What is due can be asked now. */
  #isReady(): boolean {
    if (this.#due === 'no' || this.#behind) return false;
    return this.#due === 'rest' || this.#held !== undefined;
  }

  /** The store cannot be had, or is somebody else's by now. */
  #giveUp(): void {
    this.#due = 'no';
    this.#tell(this.#waiting.splice(0), UNREACHABLE);
  }

  #tell(some: readonly Wanted[], answer: Answer<never>): void {
    for (const one of some) give(one, { answer, etag: one.etag, askedAt: Date.now() });
  }

  async #ask(): Promise<void> {
    const question = await this.#next().catch(() => this.#giveUp());
    if (!question) return;
    this.#onTheWay.add(question);
    const asked = this.#askedOf(question)
      .catch(() => undefined)
      .finally(() => {
        this.#onTheWay.delete(question);
        // Whatever failed, nobody waits for ever.
        this.#tell(askersIn(question), UNREACHABLE);
      });
    if ([...question.askers.values()].some((askers) => askers.length)) return asked;
    this.#behind = asked.then(() => {
      this.#behind = null;
      return this.#isToAsk() ? this.#go() : undefined;
    });
  }

  /** The next question: what is wanted is on the screen, and comes first; by itself, where the rest is a lot. */
  async #next(): Promise<Question | void> {
    const who = await whoIsSignedIn();
    if (who?.id !== this.#phone.personId) return this.#giveUp();
    if (!who.confirmed || who.ended) this.#due = 'no';
    const isReady = this.#isReady();
    if (this.#singly !== 'no') return this.#askSingly(isReady);
    const due = isReady ? this.#due : 'no';
    const copies = due === 'no' ? [] : await this.#copies(due);
    const rows = await this.#rows(copies);
    // Whoever comes from here on goes with the next one.
    this.#coming = null;
    const question = aQuestion(rows, acts.made, who);
    this.#addWanted(question);
    if (due !== 'no') this.#addDue(question, due, copies);
    const isHeld = Array.isArray(question.held) && question.held.length > 0;
    if (question.known.size || isHeld) return question;
    if (question.held === 'apart') this.#here.askApart();
  }

  #addWanted(question: Question): void {
    for (const one of this.#waiting.splice(0)) {
      const { known, askers } = question;
      if (this.#single.has(one.path)) void this.#askOne(one);
      else if (known.size === MOST && !known.has(one.path)) this.#waiting.push(one);
      else {
        if (!known.has(one.path)) known.set(one.path, knownOf(one, question.rows));
        askers.set(one.path, [...(askers.get(one.path) ?? []), one]);
      }
    }
  }

  #addDue(question: Question, due: Due, copies: readonly ResourceRow[]): void {
    const { known, rows } = question;
    const isThin = this.#line === 'thin';
    const all = new Map(known);
    for (const row of copies)
      if (all.size < (isThin ? FEW : MOST) && !all.has(row.path))
        all.set(row.path, knownOf(row, rows));
    const held = (due === 'all' && this.#held) || 'no';
    const isLarge = isALot([...all.values(), held]);
    // What does not go with what is wanted is asked right behind.
    if (known.size && this.#line !== 'good') return;
    if (known.size && isLarge) return add(question, fitting(all));
    add(question, all);
    if (isThin && known.size) return;
    this.#line = isThin ? 'apart' : this.#line;
    this.#due = 'no';
    this.#isNow = false;
    this.#held = 'no';
    Object.assign(question, { due, held, isLarge, isWhole: true });
    if (due === 'all') this.#lookingAgain.looks();
  }

  async #askedOf(question: Question): Promise<void> {
    if (!Array.isArray(question.held)) return this.#heard(question);
    // Another tab, or the worker, asks at this moment what may no longer be seen, and lets go of it.
    return whereFree((isFree) => {
      if (!isFree) question.held = 'no';
      return this.#heard(question);
    }, LOCK);
  }

  async #heard(question: Question): Promise<void> {
    const { known, held } = question;
    if (!known.size && !Array.isArray(held)) return;
    const askedAt = Date.now();
    const answer = await askAs<Synced>(question.who, 'POST', '/api/sync', {
      body: {
        known: [...known.values()],
        ...(Array.isArray(held) && held.length ? { held } : {}),
      },
    });
    reach.hears(answer);
    // It is not on its way any more.
    this.#onTheWay.delete(question);
    // An answer that comes now is somebody else's.
    if (!(await areStillHere(question.who))) return;
    if (answer.kind === 'ok' && Array.isArray(answer.data?.changed)) {
      const heard = heardIn(answer.data, known.values(), askedAt);
      if (this.#isSomebodyElses(heard)) return;
      if (question.isWhole) this.#line = 'good';
      else if (this.#line === 'thin') this.#line = 'apart';
      return this.#heed(question, answer.data, heard, askedAt);
    }
    const isOld = answer.kind === 'ok' && Array.isArray(answer.data?.gone);
    if (isOld || (answer.kind === 'refused' && isOfTheQuestion(answer.status)))
      return this.#isNotKnown(question, answer);
    return this.#isLost(question, answer);
  }

  /** It says itself that it is for somebody else. */
  #isSomebodyElses(heard: ReadonlyMap<string, Heard>): boolean {
    const me = heard.get('/api/me')?.answer;
    const id = me?.kind === 'ok' ? (me.data as Me | null)?.id : undefined;
    return id !== undefined && id !== this.#phone.personId;
  }

  /** Asked singly: all of it, or what the server names. */
  #isNotKnown(question: Question, answer: Answer<Synced>): void {
    const paths = [...question.known.keys()];
    const named = answer.kind === 'refused' ? namedIn(answer.refusal, paths) : [];
    named.forEach((path) => this.#single.add(path));
    if (!named.length) this.#singly = 'for good';
    this.#waiting.unshift(...askersIn(question));
    if (question.due === 'no') return;
    this.#due = question.due;
    this.#held = question.held;
  }

  /** No answer, or none that says anything: what the screen wants may still come by itself. */
  async #isLost(question: Question, answer: Answer<Synced>): Promise<void> {
    const { due, held } = question;
    const isAnswered = answer.kind === 'refused';
    const isFaulty = isAnswered && answer.status >= 500;
    const hasLookedAgain = this.#hasLookedAgain && due === 'all';
    this.#hasLookedAgain = false;
    this.#due = 'no';
    if (due === 'all') this.#lookingAgain.lost();
    else this.#lookingAgain.backOff();
    const askers = askersIn(question);
    if (answer.kind === 'unreachable' || isFaulty) {
      this.#line = 'thin';
      this.#singly = 'for now';
      for (const one of askers) void this.#askOne(one);
    } else this.#tell(askers, isAnswered ? answer : UNREACHABLE);
    if (isFaulty && held !== 'no') this.#here.askApart();
    if (!hasLookedAgain) return;
    this.#singly = 'no';
    this.#askAboutAll();
    if (!this.#running) void this.#go();
  }

  /** All that is kept here, or of the rest, and was not answered about just now; what was looked at, or changed, last first. */
  async #copies(due: Due): Promise<ResourceRow[]> {
    const rows = await this.#phone.db.getAll('resources');
    const isNew = (path: string) =>
      !this.#isNow && since(this.#answeredAt.get(path) ?? -Infinity) < BETWEEN;
    return rows
      .filter(({ path }) => !this.#single.has(path) && !isNew(path))
      .filter(({ path }) => due === 'all' || this.#rest.has(path))
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

  async #heed(
    question: Question,
    data: Synced,
    heard: ReadonlyMap<string, Heard>,
    askedAt: number,
  ): Promise<void> {
    const { due, letGo } = question;
    const [taken, early]: [unknown[], [string, Heard][]] = [[], []];
    const wanted = new Set(
      [...question.askers].flatMap(([path, some]) => (some.length ? path : [])),
    );
    for (const [path, askers] of question.askers) {
      const said = letGo.has(path) ? undefined : heard.get(path);
      if (said) this.#answeredAt.set(path, said.askedAt);
      if (said && !askers.length) early.push([path, said]);
      for (const one of askers.splice(0)) {
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
    await keepForLater(this.#phone, question, early);
    if (due !== 'no') await this.#hasLooked(question, data, heard, askedAt);
    await noteUnchanged(this.#phone, question, heard, { wanted, askedAt });
    followed(heard, question);
  }

  async #hasLooked(
    { held, known, due }: Question,
    data: Synced,
    heard: ReadonlyMap<string, Heard>,
    askedAt: number,
  ): Promise<void> {
    this.#hasLookedAgain = false;
    this.#rest = new Set(heard.size ? listed(data.next).filter((path) => known.has(path)) : []);
    const isRest = this.#rest.size > 0;
    if (isRest && this.#due === 'no') this.#due = 'rest';
    const until = Date.parse(data.holds_until ?? '') - Date.now();
    if (due === 'all' || !isRest)
      this.#lookingAgain.holdsFor(Number.isNaN(until) ? Infinity : until);
    if (held === 'apart') this.#here.askApart();
    if (!Array.isArray(held)) return;
    await this.#here.answered([...listed(data.gone)], askedAt);
  }

  #askSingly(isReady: boolean): void {
    this.#coming = null;
    for (const one of this.#waiting.splice(0)) void this.#askOne(one);
    const isAll = isReady && this.#due === 'all';
    const held = this.#held;
    if (isReady) this.#due = 'no';
    if (!isAll) return;
    this.#held = 'no';
    this.#lookingAgain.looks();
    if (held !== 'no') this.#here.askApart();
  }

  async #askOne(one: Wanted): Promise<void> {
    const { path, etag } = one;
    const askedAt = Date.now();
    const answer = await askFor(
      this.#phone,
      'GET',
      path,
      etag ? { headers: { 'If-None-Match': etag } } : {},
    );
    reach.hears(answer);
    const heard = { answer, etag, askedAt };
    await give(one, heard)?.catch(() => undefined);
    followed(new Map([[path, heard]]));
  }

  async #findHeld(): Promise<void> {
    this.#held = await this.#here.find();
    if (!this.#running) void this.#go();
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

const all = new Map<Phone, Questions>();

function of(phone: Phone): Questions {
  if (!all.has(phone)) all.set(phone, new Questions(phone));
  return all.get(phone)!;
}

/** Somebody has left: nothing of what was heard for them stays in memory. */
export function forget(): void {
  all.forEach((questions) => questions.forget());
  all.clear();
}

/**
 * Ask for what is under this address; fulfilled when `take` has taken the answer, rejected where it threw.
 * @param etag of what is known of it
 * @param isAnew asked for from now on; else an answer that is on its way will do
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
