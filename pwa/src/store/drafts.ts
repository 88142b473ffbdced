/**
 * What is being typed, saved within a second of the typing and there again after a crash.
 * A draft goes when its words have become an item in the store.
 */
import { named } from './problems';
import { seal, unseal } from './seal';
import { session } from './session.svelte';

/** Typing is saved this long after the last letter, and at the latest twice that after the first. */
const PAUSE = 400;

export class Draft<T> {
  /** Some letters are in the field that are not on the disk yet. */
  isUnsaved = false;

  #key: string;
  #onProblem: (problem: unknown) => void;
  #value: T | undefined;
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
    unsaved.add(this as Draft<unknown>);
  }

  /** What was typed last time, or null. */
  async restore(): Promise<T | null> {
    const { db, key } = session.phone;
    const row = await db.get('drafts', this.#key);
    return row ? unseal<T>(key, row.sealed) : null;
  }

  /** Call at every change; it is written within a second. */
  save(value: T): void {
    const now = Date.now();
    if (!this.isUnsaved) this.#since = now;
    this.isUnsaved = true;
    this.#value = structuredClone(value);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.flush(),
      Math.max(0, Math.min(PAUSE, this.#since + 2 * PAUSE - now)),
    );
  }

  /** Write now: when the screen closes or the page is hidden. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.isUnsaved) return this.#writing;
    const value = this.#value;
    this.#writing = this.#writing.then(() => this.#write(value)).catch(this.#onProblem);
    return this.#writing;
  }

  /** The words are kept elsewhere now, or their author let them go. */
  async clear(): Promise<void> {
    clearTimeout(this.#timer);
    this.isUnsaved = false;
    this.#value = undefined;
    await this.#writing;
    await session.phone.db.delete('drafts', this.#key);
  }

  async #write(value: T | undefined): Promise<void> {
    const { db, key } = session.phone;
    const sealed = await seal(key, value);
    await named(() => db.put('drafts', { key: this.#key, saved_at: Date.now(), sealed }));
    if (this.#value === value) this.isUnsaved = false;
  }
}

const unsaved = new Set<Draft<unknown>>();

/** True while letters are in a field and not on the disk: the app must not reload then. */
export function hasUnsavedDraft(): boolean {
  return [...unsaved].some((draft) => draft.isUnsaved);
}

/** Write all of them now. Runs by itself when the page is hidden, the last moment a phone surely gives. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...unsaved].map((draft) => draft.flush()));
}

if (typeof document !== 'undefined') {
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'hidden' && void flushDrafts(),
  );
  addEventListener('pagehide', () => void flushDrafts());
}
session.onLeave(() => unsaved.clear());
