/**
 * What is being typed, saved within a second of the typing and there again after a crash.
 * A draft goes when its words have become an item in the store. It belongs to the tab that writes it: what another tab
 * wrote in the same field has a row of its own, and goes only once it was shown here and has not been written on there.
 */
import { unsaved } from '../core/unsaved';
import { beforeStepAside, type DraftRow } from './database';
import { newId } from './ids';
import { allOrNothing, named } from './problems';
import { seal, unseal } from './seal';
import { session } from './session.svelte';

/** Typing is saved this long after the last letter, and at the latest twice that after the first. */
const PAUSE = 400;
const TAB = newId();

/** The rows of a field, each of another tab. */
export const rowsOf = (key: string): IDBKeyRange => IDBKeyRange.bound(key, `${key}#g`);

export class Draft<T> {
  #isUnsaved = false;

  #key: string;
  /** The row of this tab. */
  #own: string;
  /** What stands in the field of another tab, or of one that is closed. */
  #shown: DraftRow | undefined;
  #onProblem: (problem: unknown) => void;
  /** As JSON: a snapshot, whatever the field does with its own object afterwards. */
  #value = '';
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /**
   * @param key names the field for good: 'reflection/new', `reflection/${id}`, `response/${reflectionId}`
   * @param onProblem told when the phone is full: say so, and leave the text in the field
   */
  constructor(key: string, onProblem: (problem: unknown) => void = () => undefined) {
    this.#key = key;
    this.#own = `${key}#${TAB}`;
    this.#onProblem = onProblem;
  }

  /** What was typed last, or null. */
  async restore(): Promise<T | null> {
    const { db, key } = session.phone;
    const rows = await db.getAll('drafts', rowsOf(this.#key));
    const row = rows.toSorted((a, b) => a.saved_at - b.saved_at).pop();
    this.#shown = row;
    const typed = row ? await unseal<T>(key, row.sealed).catch(() => null) : null;
    this.#value = JSON.stringify(typed);
    return typed;
  }

  /** Call at every change; it is written within a second. */
  save(value: T): void {
    const now = Date.now();
    const text = JSON.stringify(value);
    if (!this.#isUnsaved && text === this.#value) return;
    if (!this.#isUnsaved) this.#since = now;
    this.#mark(true);
    this.#value = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.flush(),
      Math.max(0, Math.min(PAUSE, this.#since + 2 * PAUSE - now)),
    );
  }

  /** Write now: when the screen closes or the page is hidden. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#isUnsaved) return this.#writing;
    const value = this.#value;
    this.#writing = this.#writing.then(() => this.#write(value)).catch(this.#onProblem);
    return this.#writing;
  }

  /** The words are kept elsewhere now, or their author let them go. */
  async clear(): Promise<void> {
    this.forget();
    await this.#writing;
    await this.#put();
  }

  /** The person has left: what was in the field is nobody's now. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#value = '';
    this.#mark(false);
  }

  /** A new version of the app is not let in over letters that are not on the disk yet. */
  #mark(isUnsaved: boolean): void {
    this.#isUnsaved = isUnsaved;
    unsaved.mark(this.#key, isUnsaved);
    if (isUnsaved) drafts.add(this as Draft<unknown>);
    else drafts.delete(this as Draft<unknown>);
  }

  async #write(value: string): Promise<void> {
    const sealed = await seal(session.phone.key, JSON.parse(value));
    await named(() => this.#put({ key: this.#own, saved_at: Date.now(), sealed }));
    if (this.#value === value) this.#mark(false);
  }

  /** The row of this tab, or none. What was shown is in it, or let go of. */
  async #put(row?: DraftRow): Promise<void> {
    const drafts = session.phone.db.transaction('drafts', 'readwrite');
    await allOrNothing(drafts, async () => {
      const { store } = drafts;
      const shown = this.#shown;
      if (shown && (await store.get(shown.key))?.saved_at === shown.saved_at)
        await store.delete(shown.key);
      await (row ? store.put(row) : store.delete(this.#own));
    });
    this.#shown = undefined;
  }
}

const drafts = new Set<Draft<unknown>>();

/** Write all of them now. Runs by itself when the page is hidden, the last moment a phone surely gives. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...drafts].map((draft) => draft.flush()));
}

if (typeof document !== 'undefined') {
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'hidden' && void flushDrafts(),
  );
  addEventListener('pagehide', () => void flushDrafts());
}
beforeStepAside.add(flushDrafts);
session.onLeave(() => [...drafts].forEach((draft) => draft.forget()));
