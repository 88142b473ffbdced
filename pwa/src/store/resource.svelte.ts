/** What others made, as last seen: the phone's copy first, then the server's, asked with the stored ETag. */
import type { ApiPath, Refusal } from '../api/shapes';
import { CONFIRMED, isLater, isTooOld } from './age';
import { living, type Living } from './living';
import { NobodySignedIn } from './problems';
import { unseal } from './seal';
import { session } from './session.svelte';

/** As if the server had said it: it did, when it was asked what of all this may still be seen. */
const GONE = { code: 404, reason: 'not_found' } as Refusal;

export class Resource<T> implements Living {
  value = $state.raw<T | null>(null);
  /** When the server was asked for what it last answered, in ms; null if it never was. Later changes are not in it. */
  heardAt = $state<number | null>(null);
  isLoading = $state(false);
  /** It is not known to be so now (no signal, no session, too much at once): what is shown is the phone's copy. */
  isStale = $state(false);
  /** The server said that it is not for me to see (any more): not found, not allowed. */
  refusal = $state.raw<Refusal | null>(null);

  readonly path: ApiPath;
  #etag: string | null = null;
  #recalled: Promise<void> | null = null;
  #running: Promise<void> | null = null;
  /** While an answer was on its way, something in the phone's copy was let go of: it may be in the answer still. */
  #isOvertaken = false;

  /** @param path with its query, e.g. `/api/cohorts/${id}/people`; it is also the name of the phone's copy */
  constructor(path: ApiPath) {
    this.path = path;
    living.add(new WeakRef(this));
  }

  /** Show the phone's copy if nothing is shown yet, then ask the server. Never throws. */
  load(isAnew = false): Promise<void> {
    this.#running ??= this.#load(isAnew).finally(() => (this.#running = null));
    return this.#running;
  }

  /** As `load`, but what is heard was asked for from now on: an answer on its way may be older than what was just sent. */
  async reload(): Promise<void> {
    await this.#running;
    await this.load(true);
  }

  /** Show the phone's copy, and ask nobody: for what is on the first screen. */
  recall(): Promise<void> {
    return (this.#recalled ??= this.#read());
  }

  /** Another tab may have heard since: what it kept is shown, where it is newer. */
  async catchUp(): Promise<void> {
    await this.#read();
  }

  /** The phone's copy has become less: what is shown becomes less with it. Null: it is gone. */
  become(value: T | null): void {
    this.#isOvertaken = this.#running !== null;
    if (this.value === null) return;
    this.value = value;
    this.#etag = null;
    if (value === null) this.refusal = GONE;
  }

  async #load(isAnew: boolean): Promise<void> {
    this.isLoading = true;
    try {
      // It may have been heard since, for this screen before it was opened.
      await (this.#recalled = this.#read());
      await this.#ask(isAnew);
    } catch (error) {
      // They left while it was on its way: there is nobody to show it to.
      if (!(error instanceof NobodySignedIn)) throw error;
    } finally {
      this.isLoading = false;
    }
  }

  async #read(): Promise<void> {
    const { db, key } = session.phone;
    const [row, confirmed] = await Promise.all([
      db.get('resources', this.path),
      db.get('meta', CONFIRMED),
    ]);
    if (!row || isTooOld(row.kept_at, confirmed?.value, Date.now())) return;
    if (this.heardAt !== null && !isLater(row.kept_at, this.heardAt)) return;
    const value = await unseal<T>(key, row.sealed).catch(() => null);
    if (value === null) return;
    this.refusal = null;
    this.value = value;
    this.#etag = row.etag;
    this.heardAt = row.kept_at;
  }

  async #ask(isAnew: boolean): Promise<void> {
    const { phone } = session;
    // What asks is fetched once one can type; on a first visit there may be no signal to fetch it with.
    const sync = await import('./sync').catch(() => null);
    if (!sync) return void (this.isStale = true);
    do {
      this.#isOvertaken = false;
      await sync.want<T>(phone, this.path, this.#etag, isAnew, async (answer, askedAt, mark) => {
        // Nothing that was let go of is in a refusal.
        if (answer.kind === 'gone') this.#isOvertaken = false;
        if (phone !== session.phone || this.#isOvertaken) return;
        this.isStale = answer.kind === 'unreachable' || answer.kind === 'refused';
        if (answer.kind === 'unchanged') this.heardAt = askedAt;
        if (answer.kind === 'gone') {
          this.refusal = answer.refusal;
          this.value = this.#etag = null;
          this.heardAt = Math.max(this.heardAt ?? 0, askedAt);
        }
        // Another tab asked later, and its answer is here already.
        if (answer.kind !== 'ok' || isLater(this.heardAt ?? 0, askedAt)) return;
        this.refusal = null;
        this.value = answer.data;
        this.#etag = answer.etag;
        this.heardAt = askedAt;
        // A copy for later is a comfort: if the phone is full, the screen goes on without.
        const kept = sync.keep(phone, this.path, { ...answer, mark, askedAt });
        if (!(await kept.catch(() => true))) await this.#read();
      });
      isAnew = true;
    } while (this.#isOvertaken && phone === session.phone);
  }
}
