/**
 * The line between the phone and the server, as the page sees it, and the moments at which the
 * outbox is drained: at the start, when signal is back, when the person looks again, and after every change.
 */
import { whenIdle, whenShown } from '../core/idle';
import type { ItemKind, OutboxRow } from './database';
import { listen, tell, type News } from './news';
import type { Drained } from './outbox';
import { session } from './session.svelte';

/** How long to wait when something of our own failed. */
const BREATH = 30_000;

const sending = () => import('./outbox');

/** News of others' things: nothing of mine waits more or less for it. */
const ANSWERS: ReadonlySet<News['about']> = new Set(['resources', 'answer']);

class Connection {
  /** What the browser believes about the network; it is often too hopeful. */
  isOnline = $state(navigator.onLine);
  /** Whether the last thing sent was answered by the server itself. Null before the first try. */
  isReached = $state<boolean | null>(null);
  /** Something is on its way at this moment. */
  isSending = $state(false);
  /** Everything of mine that the server does not have yet: waiting, parked and in conflict. */
  unsent = $state.raw<OutboxRow[]>([]);

  /** When what rests goes on, in ms: it was a lot for others within an hour. Null when nothing does. */
  get restsUntil(): number | null {
    const moments = this.unsent
      .filter(({ rests, state }) => rests && state === 'waiting')
      .map(({ not_before }) => not_before)
      .filter((moment) => moment > 0);
    return moments.length ? Math.min(...moments) : null;
  }

  #again: 'no' | 'calm' | 'eager' = 'no';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stops: (() => void)[] = [];
  #shown: Promise<void> | undefined;
  /** Whose session it is has been asked, whatever came of it: whether that was not known. */
  #asked: Promise<boolean> | undefined;

  /** Begin to listen; answers with the way to stop. Call once; before `session.start()`, so that all that is asked goes together. */
  start(): () => void {
    this.#shown = whenShown();
    const on = (target: EventTarget, type: string, run: () => void) => {
      target.addEventListener(type, run);
      this.#stops.push(() => target.removeEventListener(type, run));
    };
    on(window, 'online', () => this.#signal(true));
    on(window, 'offline', () => this.#signal(false));
    on(window, 'pageshow', () => this.#isSeen());
    on(
      document,
      'visibilitychange',
      () => document.visibilityState === 'visible' && this.#isSeen(),
    );
    this.#stops.push(listen(({ about }) => !ANSWERS.has(about) && void this.#count()));
    session.onSettled(() => void this.#begin());
    session.onLeave(() => (this.unsent = []));
    this.#finishLeaving();
    return () => this.#stops.splice(0).forEach((stop) => stop());
  }

  /** Send what waits. Calls while it is sending are joined into one more round. */
  send(eager = false): void {
    if (this.#again !== 'eager') this.#again = eager ? 'eager' : 'calm';
    if (!this.isSending && session.state === 'signed_in') void this.#run();
  }

  /** Call after every change: sends now, and lets the browser wake the worker later if this page is gone. */
  hasNew(about: ItemKind, ids: string[]): void {
    tell({ about, ids });
    tell({ about: 'outbox' });
    this.send();
    void sending()
      .then(({ sendLater }) => sendLater())
      .catch(() => undefined);
  }

  async #begin(): Promise<void> {
    this.#look();
    const asked = this.#askWhose();
    await this.#count();
    // What comes from elsewhere is asked for with it.
    this.send(true);
    if (await asked) this.send(true);
    await session.stay().catch(() => undefined);
  }

  #askWhose(): Promise<boolean> {
    return (this.#asked = session.confirm().catch(() => false));
  }

  async #run(): Promise<void> {
    this.isSending = true;
    try {
      // Sending is not needed to begin to write, so what sends is fetched once one can.
      await this.#shown;
      const { drain, look, reach } = await sending();
      reach.whenBack = () => this.send(true);
      void look(session.phone);
      while (this.#again !== 'no') {
        // The session may be somebody else's by now: no words go in it.
        if (await session.phone.db.count('outbox')) await (this.#asked ?? this.#askWhose());
        const eager = this.#again === 'eager';
        this.#again = 'no';
        this.#after(await drain(eager));
      }
    } catch {
      // The store, or on a first visit the code that sends, cannot be had just now. Nothing is lost by waiting.
      this.#after({ reached: 'not_tried', nextAt: Date.now() + BREATH });
    } finally {
      this.isSending = false;
      await this.#count();
    }
  }

  #after({ reached, nextAt }: Pick<Drained, 'reached' | 'nextAt'>): void {
    if (reached !== 'not_tried') this.isReached = reached === 'server';
    clearTimeout(this.#timer);
    if (nextAt === null) return;
    this.#timer = setTimeout(() => this.send(), Math.max(500, nextAt - Date.now()));
  }

  async #count(): Promise<void> {
    if (session.state !== 'signed_in') return;
    // A database that is just being closed is opened again, and counted then.
    this.unsent = await session.phone.db.getAll('outbox').catch(() => this.unsent);
  }

  /** At once, so that what the screen asks for goes with it. */
  #look(): void {
    void this.#shown
      ?.then(sending)
      .then(({ look }) => look(session.phone))
      .catch(() => undefined);
  }

  /** Somebody looks: a server may be back of which no event told. */
  #isSeen(): void {
    this.#look();
    this.#finishLeaving();
    if (session.state !== 'signed_out') this.send(true);
  }

  /** What a sign-out has left to do is fetched once one can type to come in. */
  #finishLeaving(): void {
    void whenIdle()
      .then(async () => session.state === 'signed_out' && (await session.finishLeaving()))
      .catch(() => undefined);
  }

  #signal(isOnline: boolean): void {
    this.isOnline = isOnline;
    if (!isOnline) return;
    this.#look();
    void session
      .finishLeaving()
      .catch(() => undefined)
      .then(() => this.send(true));
  }
}

export const connection = new Connection();
