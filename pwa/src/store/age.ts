/** How long a copy of what others made may be read without the server having said that it still may. */

/** In milliseconds: thirty days, also for a phone that has no signal at all. */
export const LONGEST = 30 * 86_400_000;

/** In the phone's database: when the server last said of everything held here whether it may be kept, in ms. */
export const CONFIRMED = 'copies_confirmed_at';

/**
 * Whether a copy has gone unconfirmed for too long.
 * @param keptAt when it was heard, in ms
 * @param confirmedAt what stands under CONFIRMED: ms, or nothing if it never was
 */
export const isTooOld = (keptAt: number, confirmedAt: unknown, now: number): boolean =>
  now - Math.max(keptAt, Number(confirmedAt) || 0) > LONGEST;

/** Whether one moment came after another, both in ms; one that is still to come was written by a clock that was wrong. */
export const isLater = (one = 0, other: number | null, now = Date.now()): boolean =>
  one > (other ?? 0) && one <= now;

/** A moment as this phone's clock has it now: one that is still to come was written by a clock that was wrong. */
export const notToCome = (moment: number, now: number): number => Math.min(moment, now);
