/**
 * What somebody writes in a form of its own: there again after a crash, saved as it grows, and gone once it was
 * sent. Made while a component is made, and follows it from there.
 */
import { onMount } from 'svelte';
import { Begun } from './begun.svelte';
import { PhoneIsFull } from './problems';

export class Writing<T> {
  /** Words stay in the form when the phone has no room for them: say so. */
  isFull = $state(false);
  /** Fulfilled when what was typed last time stands in the form. */
  readonly restored: Promise<void>;
  readonly begun: Begun<T>;

  #done!: () => void;

  /**
   * @param key names the form for good, as a draft's does
   * @param now what stands in it before anybody writes
   * @param together how what was typed last time and what stands there become one
   */
  constructor(key: string, now: () => T, together?: (typed: T, now: T) => T) {
    this.restored = new Promise((done) => (this.#done = done));
    this.begun = new Begun(key, now, () => (this.isFull = true));
    onMount(() => {
      void this.begun.restore(together).then(this.#done);
      return () => void this.begun.flush();
    });
    $effect(() => this.begun.remember());
  }

  get said(): T {
    return this.begun.said;
  }

  set said(said: T) {
    this.begun.said = said;
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
    await this.begun.clear();
    return true;
  }
}
