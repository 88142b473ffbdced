/**
 * What is being typed, saved within a second of the typing and there again after a crash.
 * A draft goes when its words have become an item in the store.
 */
import { unsaved } from '../core/unsaved';
import { beforeStepAside } from './database';
import { named } from './problems';
import { seal, unseal } from './seal';
import { session } from './session.svelte';

/** Typing is saved this long after the last letter, and at the latest twice that after the first. */
const PAUSE = 400;

export class Draft<T> {
  #isUnsaved = false;

  #key: string;
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
    this.#onProblem = onProblem;
  }

  /** What was typed last time, or null. */
  async restore(): Promise<T | null> {
    const { db, key } = session.phone;
    const row = await db.get('drafts', this.#key);
    return row ? unseal<T>(key, row.sealed).catch(() => null) : null;
  }

  /** Call at every change; it is written within a second. */
  save(value: T): void {
    const now = Date.now();
    if (!this.#isUnsaved) this.#since = now;
    this.#mark(true);
    this.#value = JSON.stringify(value);
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
    clearTimeout(this.#timer);
    this.#mark(false);
    this.#value = '';
    await this.#writing;
    await session.phone.db.delete('drafts', this.#key);
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
    const { db, key } = session.phone;
    const sealed = await seal(key, JSON.parse(value));
    await named(() => db.put('drafts', { key: this.#key, saved_at: Date.now(), sealed }));
    if (this.#value === value) this.#mark(false);
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
