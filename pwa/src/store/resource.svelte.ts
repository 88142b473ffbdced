/** What others made, as last seen: the phone's copy first, then the server's, asked with the stored ETag. */
import { ask } from '../api/client';
import type { ApiPath, Refusal } from '../api/shapes';
import { CONFIRMED, isTooOld } from './age';
import { living, type Living } from './living';
import { NobodySignedIn } from './problems';
import { seal, unseal } from './seal';
import { session } from './session.svelte';

/** As if the server had said it: it did, when it was asked what of all this may still be seen. */
const GONE = { code: 404, reason: 'not_found' } as Refusal;

export class Resource<T> implements Living {
  value = $state.raw<T | null>(null);
  /** When the value was last heard from the server, in ms; null if it never was. */
  heardAt = $state<number | null>(null);
  isLoading = $state(false);
  /** The server could not be reached: what is shown is the phone's copy. */
  isStale = $state(false);
  /** The server said no: not found (any more), not allowed. */
  refusal = $state.raw<Refusal | null>(null);

  readonly path: ApiPath;
  #etag: string | null = null;
  #isRead = false;
  #running: Promise<void> | null = null;
  /** While an answer was on its way, something in the phone's copy was let go of: it may be in the answer still. */
  #isOvertaken = false;

  /** @param path with its query, e.g. `/api/cohorts/${id}/people`; it is also the name of the phone's copy */
  constructor(path: ApiPath) {
    this.path = path;
    living.add(new WeakRef(this));
  }

  /** Show the phone's copy if nothing is shown yet, then ask the server. Never throws. */
  load(): Promise<void> {
    this.#running ??= this.#load().finally(() => (this.#running = null));
    return this.#running;
  }

  /** As `load`, but what is heard was asked for from now on: an answer on its way may be older than what was just sent. */
  async reload(): Promise<void> {
    await this.#running;
    await this.load();
  }

  /** Show the phone's copy, and ask nobody: for what is on the first screen. */
  async recall(): Promise<void> {
    if (!this.#isRead) await this.#read();
  }

  /** The phone's copy has become less: what is shown becomes less with it. Null: it is gone. */
  become(value: T | null): void {
    this.#isOvertaken = this.#running !== null;
    if (this.value === null) return;
    this.value = value;
    this.#etag = null;
    if (value === null) this.refusal = GONE;
  }

  async #load(): Promise<void> {
    this.isLoading = true;
    try {
      await this.recall();
      await this.#ask();
    } catch (error) {
      // They left while it was on its way: there is nobody to show it to.
      if (!(error instanceof NobodySignedIn)) throw error;
    } finally {
      this.isLoading = false;
    }
  }

  async #read(): Promise<void> {
    this.#isRead = true;
    const { db, key } = session.phone;
    const [row, confirmed] = await Promise.all([
      db.get('resources', this.path),
      db.get('meta', CONFIRMED),
    ]);
    if (!row || isTooOld(row.kept_at, confirmed?.value, Date.now())) return;
    const value = await unseal<T>(key, row.sealed).catch(() => null);
    if (value === null) return;
    this.value = value;
    this.#etag = row.etag;
    this.heardAt = row.kept_at;
  }

  async #ask(): Promise<void> {
    const phone = session.phone;
    this.#isOvertaken = false;
    const answer = await ask<T>(
      'GET',
      this.path,
      this.#etag ? { headers: { 'If-None-Match': this.#etag } } : {},
    );
    if (phone !== session.phone) return;
    if (this.#isOvertaken) return this.#ask();
    this.isStale =
      answer.kind === 'unreachable' || (answer.kind === 'refused' && answer.status >= 500);
    if (answer.kind === 'refused' && !this.isStale)
      return this.#refused(answer.refusal, answer.status);
    if (answer.kind === 'unchanged') this.heardAt = Date.now();
    if (answer.kind !== 'ok') return;
    this.refusal = null;
    this.value = answer.data;
    this.#etag = answer.etag;
    this.heardAt = Date.now();
    const sealed = await seal(phone.key, answer.data);
    // A copy for later is a comfort: if the phone is full, the screen goes on without.
    await phone.db
      .put('resources', { path: this.path, etag: answer.etag, kept_at: this.heardAt, sealed })
      .catch(() => undefined);
  }

  /** What was taken back must not linger on the phones of others. */
  async #refused(refusal: Refusal, status: number): Promise<void> {
    this.refusal = refusal;
    if (status === 401) return session.hasEnded();
    if (status !== 404 && status !== 403 && status !== 410) return;
    this.value = null;
    this.#etag = null;
    await session.phone.db.delete('resources', this.path);
  }
}
