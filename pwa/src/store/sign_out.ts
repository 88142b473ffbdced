/** Leaving this phone: a warning first if words would be lost, then nothing of the person is left on it. */
import { wipePhone } from './clearing';
import { whoIsSignedIn } from './device';
import { forgetSignedIn, writeMustEndSession } from './device-leaving';
import { flushDrafts } from './drafts';
import { allKinds, type Lost } from './kinds';
import { atOnce } from './out-of-turn';
import { finishLeaving } from './leaving';
import { drain } from './outbox';
import { session } from './session.svelte';
import { askForWake, forgetShell, SIGN_OUT_TAG, stopNotifications } from './shell-leftovers';

export interface Unsent {
  /** How many of each would be lost; only those of which there are some. */
  things: { lost: Lost; count: number }[];
  /** Begun and not given to be sent: signal would not save them. */
  drafts: number;
}

/** How long a last try to send may keep somebody who wants to leave. */
const PATIENCE = 3_000;

/** Try once more to send, then say what the server does not have. Drafts count: they are words too. */
export async function whatIsUnsent(): Promise<Unsent> {
  await flushDrafts();
  await Promise.race([
    drain(true).catch(() => null),
    new Promise((done) => setTimeout(done, PATIENCE)),
  ]);
  const { db } = session.phone;
  const counts = new Map<Lost, number>();
  const rows = await db.getAll('outbox');
  for (const [kind, { unsentAs: lost }] of Object.entries((await allKinds()).kinds)) {
    const count = rows.filter((row) => row.kind === kind).length;
    if (lost && count) counts.set(lost, (counts.get(lost) ?? 0) + count);
  }
  const things = [...counts].map(([lost, count]) => ({ lost, count }));
  return { things, drafts: await db.count('drafts') };
}

/**
 * Forget everything, then tell the server. In this order, because a phone that is handed on at once
 * must be clean even if there is no signal; then the server's session, and with it the device that its
 * notifications go to, is ended at the next chance: by the worker, where browsers wake one for it.
 * @returns whether the server has been told
 */
export async function leaveThisPhone(): Promise<boolean> {
  return atOnce(async () => {
    const who = await whoIsSignedIn();
    await forgetSignedIn();
    await session.left();
    if (who) await wipePhone(who.id);
    localStorage.clear();
    sessionStorage.clear();
    await stopNotifications();
    const willWake = await askForWake(SIGN_OUT_TAG);
    if (willWake) await writeMustEndSession('wakes');
    const isTold = await finishLeaving();
    if (isTold || !willWake) await forgetShell();
    await session.left();
    return isTold;
  });
}
