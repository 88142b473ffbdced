/** For tests: how long the app has patience is no matter of how fast a machine is, and no wait outlives its test. */
import { afterEach } from 'vitest';

/** From so long on, in ms, it is the app that has patience: with the disk, with what is still to come. */
const PATIENCE = 400;
/** What waits longer waits for another time of the day. */
const LONGEST = 2_000;
const MUCH = 50;

/** By the clock of the machine, whatever a test has made of it. */
export const { setTimeout: waitFor } = globalThis;

let isPatient = false;
let waiting: ReturnType<typeof setTimeout>[] = [];

globalThis.setTimeout = ((run: (...about: unknown[]) => void, ms = 0, ...about: unknown[]) => {
  const isMuch = isPatient && ms >= PATIENCE && ms <= LONGEST;
  const timer = waitFor(run, isMuch ? ms * MUCH : ms, ...about);
  if (ms >= PATIENCE) waiting.push(timer);
  return timer;
}) as typeof setTimeout;

/** What is to come in time comes in time, until the end of this test. */
export function bePatient(is = true): void {
  isPatient = is;
}

afterEach(() => {
  isPatient = false;
  waiting.splice(0).forEach((timer) => clearTimeout(timer));
});
