/** What others made, as last seen: the phone's copy first, then the server's, asked with the stored ETag. */
import { ask } from '../api/client';
import type { ApiPath, Refusal } from '../api/shapes';
import type { Phone, ResourceRow } from './database';
import { CONFIRMED, isLater, isTooOld } from './age';
import { living, type Living } from './living';
import { NobodySignedIn } from './problems';
import { seal, unseal } from './seal';
import { session } from './session.svelte';

const NOT_FOR_ME = new Set([403, 404, 410]);

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
    if (this.heardAt !== null && !isLater(row.kept_at, this.heardAt)) return;
    const value = await unseal<T>(key, row.sealed).catch(() => null);
    if (value === null) return;
    this.value = value;
    this.#etag = row.etag;
    this.heardAt = row.kept_at;
  }

  async #ask(): Promise<void> {
    const phone = session.phone;
    const askedAt = Date.now();
    this.#isOvertaken = false;
    const answer = await ask<T>(
      'GET',
      this.path,
      this.#etag ? { headers: { 'If-None-Match': this.#etag } } : {},
    );
    if (phone !== session.phone) return;
    if (this.#isOvertaken) return this.#ask();
    const isGone = answer.kind === 'refused' && NOT_FOR_ME.has(answer.status);
    this.isStale = answer.kind === 'unreachable' || (answer.kind === 'refused' && !isGone);
    if (answer.kind === 'refused') {
      if (answer.status === 401) return session.hasEnded();
      if (isGone) await this.#isGone(answer.refusal);
    }
    if (answer.kind === 'unchanged') this.heardAt = askedAt;
    // Another tab asked later, and its answer is here already.
    if (answer.kind !== 'ok' || isLater(this.heardAt ?? 0, askedAt)) return;
    this.refusal = null;
    this.value = answer.data;
    this.#etag = answer.etag;
    this.heardAt = askedAt;
    const sealed = await seal(phone.key, answer.data);
    const row = { path: this.path, etag: answer.etag, kept_at: askedAt, sealed };
    // A copy for later is a comfort: if the phone is full, the screen goes on without.
    if (!(await keepNewest(phone, row).catch(() => true))) await this.#read();
  }

  /** What was taken back must not linger on the phones of others. */
  async #isGone(refusal: Refusal): Promise<void> {
    this.refusal = refusal;
    this.value = null;
    this.#etag = null;
    await session.phone.db.delete('resources', this.path);
  }
}

/** Unless another tab has kept what it asked for later. */
async function keepNewest({ db }: Phone, row: ResourceRow): Promise<boolean> {
  const { store, done } = db.transaction('resources', 'readwrite');
  const isNewest = !isLater((await store.get(row.path))?.kept_at, row.kept_at);
  await Promise.all([isNewest && store.put(row), done]);
  return isNewest;
}
