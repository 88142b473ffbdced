import type { Answer } from '../api/client';

/** Whether anybody answers, as this page or worker last found it: what waits out a silence is sent as soon as it ends. */
class Reach {
  #isLost = false;
  /** Set by whoever has something to send. */
  whenBack = () => {};

  /** What was sent had no answer, and what was asked neither. */
  lost(): void {
    this.#isLost = true;
  }

  /** The server itself has answered. @returns whether nobody had before */
  isBack(): boolean {
    const wasLost = this.#isLost;
    this.#isLost = false;
    return wasLost;
  }

  /** What was asked came to this end: if somebody answers again, what waited is sent now. */
  hears({ kind }: Answer<unknown>): void {
    if ((kind === 'ok' || kind === 'unchanged') && this.isBack()) this.whenBack();
  }
}

export const reach = new Reach();
