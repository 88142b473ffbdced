/**
 * Who is signed in: from the phone's own record first, so that everything opens without signal.
 * The server is asked afterwards, and believed about one thing only: whether its session still runs.
 */
import { ask, type Answer } from '../api/client';
import type { Me, SessionOut } from '../api/shapes';
import { whenIdle } from '../core/idle';
import { letGo, openPhone, type Phone } from './database';
import {
  readFarewell,
  readUntold,
  whoIsSignedIn,
  writeSignedIn,
  type Farewell,
  type Untold,
} from './device';
import { PROFILE, readItem, type ProfileItem } from './items';
import { exclusively } from './lock';
import { listen, tellOthers } from './news';
import { NobodySignedIn, StoreIsNewer } from './problems';

const STAYED = 'stayed_on';

// Fetched when they are needed: hardly any start has something of this to do, and all would wait for it.
const finishLeaving = async (): Promise<boolean> => (await import('./leaving')).finishLeaving();

class Session {
  /** 'starting' lasts for a few milliseconds after the app opens. */
  state = $state<'starting' | 'signed_in' | 'signed_out'>('starting');
  /** The session ran out or was ended elsewhere: everything opens, nothing is sent until a new sign-in. */
  isEnded = $state(false);
  /** Another tab runs a newer version of the app, which has changed the store: this one must reload. */
  isOutdated = $state(false);
  /** As the phone knows them, changes that still wait to be sent included. */
  person = $state.raw<Me | null>(null);
  /** Why nobody is signed in, where there is something to say about it. */
  farewell = $state<Farewell | Untold | null>(null);

  #phone: Phone | null = null;
  #line: Promise<void> = Promise.resolve();
  #leaving = new Set<() => void>();
  #arriving = new Set<() => void>();

  /** Call once, before anything is shown. Needs no network. */
  async start(): Promise<void> {
    listen((news) => {
      if (news.about === 'who') void this.#read();
      if (news.about === 'profile') void this.#readPerson();
    });
    await this.#read();
  }

  /** The store of whoever is signed in. */
  get phone(): Phone {
    if (!this.#phone) throw new NobodySignedIn();
    return this.#phone;
  }

  /** Whether this is still the store of whoever is signed in. */
  isStill(phone: Phone): boolean {
    return this.state === 'signed_in' && this.#phone === phone;
  }

  /** Run when somebody has arrived, at once if somebody is here already. */
  onArrive(run: () => void): void {
    this.#arriving.add(run);
    if (this.state === 'signed_in') run();
  }

  /** Run when somebody has arrived and the first screen is drawn: for what nobody waits for. */
  onSettled(run: () => void): void {
    this.onArrive(() => {
      const phone = this.#phone;
      void whenIdle().then(() => phone === this.#phone && this.state === 'signed_in' && run());
    });
  }

  /** Run when the person has left: whatever is held in memory of theirs must go. */
  onLeave(run: () => void): void {
    this.#leaving.add(run);
  }

  /**
   * Sign in: `send` asks the server, and nothing else may be sent meanwhile in anybody's name.
   * A former person's words stay sealed in a database of their own if some are unsent, and go if none are.
   */
  async signIn<T>(
    send: () => Promise<Answer<T>>,
    sessionOf: (data: T) => SessionOut | null,
  ): Promise<Answer<T>> {
    return exclusively(async () => {
      await finishLeaving();
      const before = await whoIsSignedIn();
      if (before) await writeSignedIn({ ...before, confirmed: false });
      const answer = await send();
      const session = answer.kind === 'ok' ? sessionOf(answer.data) : null;
      if (session) await this.#arrive(session.person);
      // No answer may mean that it did succeed there: who is signed in then stays unconfirmed until asked.
      else if (before && answer.kind === 'refused') await writeSignedIn(before);
      return answer;
    });
  }

  /**
   * Ask who the server thinks we are: after a sign-in that was cut off, and to fetch what is new in the profile.
   * Whether that was not known before.
   */
  async confirm(): Promise<boolean> {
    const { confirm } = await import('./confirming');
    const wasUnknown = await confirm(this.#phone, (person) => this.#arrive(person));
    await this.#read();
    return wasUnknown;
  }

  /** Renew the session's idle limit: once a day, however often the app is opened. */
  async stay(today = new Date().toDateString()): Promise<void> {
    if (this.state !== 'signed_in' || this.isEnded) return;
    const { db } = this.phone;
    if ((await db.get('meta', STAYED))?.value === today) return;
    const answer = await ask('POST', '/api/sign-in/sessions/current');
    if (answer.kind === 'ok') await db.put('meta', { key: STAYED, value: today });
  }

  /** Do what a sign-out that was cut off, or had no signal, has left to do. */
  async finishLeaving(): Promise<void> {
    await exclusively(finishLeaving);
    await this.#read();
  }

  /** Forget the person in memory (sign_out.ts has wiped the phone) and tell the other tabs. */
  async left(): Promise<void> {
    tellOthers({ about: 'who' });
    await this.#read();
  }

  async #arrive(person: Me): Promise<void> {
    // It is here already: nobody arrives before somebody's leaving is finished.
    await (await import('./arriving')).arrive(person);
    tellOthers({ about: 'who' });
    await this.#read();
  }

  /** One reading after the other: each shows what is so at its end. */
  #read(): Promise<void> {
    // Where the phone keeps nothing (a browser set so), there is at least the way to sign in.
    const failed = () => {
      if (this.state === 'starting') this.state = 'signed_out';
    };
    this.#line = this.#line.then(() => this.#readNow()).catch(failed);
    return this.#line;
  }

  async #readNow(): Promise<void> {
    const who = await whoIsSignedIn();
    const farewell = who ? null : ((await readUntold()) ?? (await readFarewell()));
    if (this.#phone && this.#phone.personId !== who?.id) this.#forget();
    const isBack = this.isEnded && who?.ended === false;
    this.isEnded = who?.ended ?? false;
    this.farewell = farewell;
    if (!who) {
      this.state = 'signed_out';
      return;
    }
    const isNew = !this.#phone;
    try {
      this.#phone = await openPhone(who.id);
    } catch (error) {
      this.isOutdated = error instanceof StoreIsNewer;
      if (!this.isOutdated) throw error;
      return;
    }
    await this.#readPerson();
    this.state = 'signed_in';
    if (isNew || isBack) this.#arriving.forEach((run) => run());
  }

  async #readPerson(): Promise<void> {
    if (!this.#phone) return;
    // A database that is just being closed is opened again, and read then.
    const kept = await readItem<ProfileItem>(this.#phone, 'profile', PROFILE).catch(() => null);
    if (kept) this.person = { ...kept.value.me, ...kept.value.change };
  }

  #forget(): void {
    // What would still be written with the key that has gone could not be read again.
    if (this.#phone) void letGo(this.#phone);
    this.#phone = null;
    this.person = null;
    this.#leaving.forEach((run) => run());
  }
}

export const session = new Session();
