/** Work that would hold the phone up, in steps between which it has time for its person. */

/** Each `yield` is a place to pause at. */
export type Steps<T> = Generator<void, T, void>;

/** So long, in milliseconds, before somebody else has a turn: less than a frame. */
const TURN = 12;

/** All of it at once. */
export function now<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Bit by bit, from the next turn on; null where nobody wants it any more. */
export async function inTurns<T>(
  steps: Steps<T>,
  isWanted: () => boolean = () => true,
): Promise<T | null> {
  for (;;) {
    await new Promise((next) => setTimeout(next));
    if (!isWanted()) return null;
    const until = performance.now() + TURN;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < until);
  }
}
