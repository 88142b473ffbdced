/** When all that is kept here is asked about again: how often at most, and when what was answered holds no longer. */
import { AGAIN } from '../core/again';

/** How often at most all that is kept here is asked about, in ms. */
export const BETWEEN = 60_000;
/** What holds until the same moment for many is asked for up to so much later, in ms. */
const SPREAD = 20_000;
const LONGEST = 86_400_000;

/** In ms; a moment that is still to come was written by a clock that was wrong. */
export const since = (at: number): number => (at > Date.now() ? Infinity : Date.now() - at);

/** A worker is not. */
const isSeen = (): boolean =>
  (globalThis as { document?: { visibilityState: string } }).document?.visibilityState ===
  'visible';

export class LookingAgain {
  readonly #look: () => void;
  /** When all of it was last asked about, in ms. */
  #lookedAt = -Infinity;
  /** So often in a row there was no answer that holds for a while. */
  #vain = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(look: () => void) {
    this.#look = look;
  }

  /** How long ago all of it was asked about, in ms. */
  get ago(): number {
    return since(this.#lookedAt);
  }

  looks(): void {
    this.#lookedAt = Date.now();
  }

  /** It was asked in vain: whoever looks now has reason to. */
  lost(): void {
    this.#lookedAt = -Infinity;
    this.backOff();
  }

  /** Only for somebody who sees it: whoever comes back looks anyway. @param wait in ms */
  later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!isSeen()) return;
      dispatchEvent(new Event(AGAIN));
      this.#look();
    }, wait);
  }

  /** What was answered holds for so long, in ms; or no longer, by a clock that runs ahead. */
  holdsFor(ms: number): void {
    if (ms <= 0) return this.backOff();
    this.#vain = 0;
    this.#in(ms);
  }

  /** There was no answer that holds for a while: twice as long each time. */
  backOff(): void {
    this.#vain += 1;
    this.#in(BETWEEN * 2 ** this.#vain);
  }

  #in(ms: number): void {
    this.later(Math.min(Math.max(ms, BETWEEN) + Math.random() * SPREAD, LONGEST));
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
