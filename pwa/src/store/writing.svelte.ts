/**
 * What somebody writes in a form of its own: there again after a crash, saved as it grows, and gone once it was
 * sent. Made while a component is made, and follows it from there.
 */
import { onMount } from 'svelte';
import { Draft } from './drafts';
import { PhoneIsFull } from './problems';

export class Writing<T> {
  said = $state() as T;
  /** Words stay in the form when the phone has no room for them: say so. */
  isFull = $state(false);
  /** Fulfilled when what was typed last time stands in the form. */
  readonly restored: Promise<void>;

  #isRestored = $state(false);
  #draft: Draft<T>;
  #untouched: string;
  #done!: () => void;

  /**
   * @param key names the form for good, as a draft's does
   * @param first what stands in it before anybody writes
   * @param together how what was typed last time and what stands there become one
   */
  constructor(key: string, first: T, together: (typed: T, now: T) => T = (typed) => typed) {
    this.said = first;
    this.restored = new Promise((done) => (this.#done = done));
    this.#untouched = JSON.stringify(first);
    this.#draft = new Draft<T>(key, () => (this.isFull = true));
    onMount(() => {
      void this.#restore(together);
      return () => void this.#draft.flush();
    });
    $effect(() => this.#remember());
  }

  /** Whether it was sent; if not, the phone is full. */
  async send(away: (said: T) => Promise<unknown>): Promise<boolean> {
    try {
      await away($state.snapshot(this.said) as T);
    } catch (error) {
      if (!(error instanceof PhoneIsFull)) throw error;
      this.isFull = true;
      return false;
    }
    this.#isRestored = false;
    await this.#draft.clear();
    return true;
  }

  async #restore(together: (typed: T, now: T) => T): Promise<void> {
    const typed = await this.#draft.restore().catch(() => null);
    if (typed !== null) this.said = together(typed, this.said);
    this.#isRestored = true;
    this.#done();
  }

  /** Whoever only looked has begun nothing. */
  #remember(): void {
    const now = $state.snapshot(this.said) as T;
    if (!this.#isRestored) return;
    if (JSON.stringify(now) === this.#untouched) void this.#draft.clear().catch(() => undefined);
    else this.#draft.save(now);
  }
}
