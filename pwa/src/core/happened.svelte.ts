import { router } from './router.svelte';

/** What somebody has just done, in a sentence: said on the screen where they are then, until they leave it. */
class Happened {
  words = $state('');
  /** Where a notice leads that this was done about, though the thing itself was not opened. */
  at = $state<string | null>(null);
  #next = '';

  /** @param next the path to which what was done leads, where it is said on another screen than it was done on */
  say(words: string, at: string | null = null, next = ''): void {
    this.words = words;
    this.at = at;
    this.#next = next;
  }

  /** A screen that says it is left. */
  leave(): void {
    if (this.#next && this.#next === router.path) this.#next = '';
    else this.say('');
  }
}

export const happened = new Happened();
