/**
 * What is left to do after somebody has left this phone, in whatever order signal and the browser
 * allow: telling the server (signed out without signal), and clearing the phone (its session was
 * ended from elsewhere). Shared by the page and the worker; each step can be cut off and done again.
 */
import { ask, whenEndedByOwner } from '../api/client';
import { wipePhone } from './clearing';
import { beforeStepAside, closePhone, openPhone } from './database';
import {
  beginWiping,
  endWiping,
  isWiping,
  mustEndSession,
  peopleHere,
  writeMustEndSession,
} from './device-leaving';
import { exclusively } from './lock';
import { tell } from './news';
import { clearBrowser } from './shell-leftovers';
import { leaveUnsent } from './unsent-left';

/** To be called under the outbox's lock, so that nobody signs in meanwhile. True when nothing is left to do. */
export async function finishLeaving(): Promise<boolean> {
  const personId = await isWiping();
  if (personId) await clear(personId);
  return endOldSession();
}

/** Carry out a sign-out that had no signal at the time. True when nothing is left to end. */
async function endOldSession(): Promise<boolean> {
  if (!(await mustEndSession())) return true;
  const answer = await ask('DELETE', '/api/sign-in/sessions/current');
  const ended = answer.kind === 'ok' || (answer.kind === 'refused' && answer.status === 401);
  if (ended) {
    await writeMustEndSession(false);
    tell({ about: 'who' });
  }
  return ended;
}

let afterWiping: () => void = () => undefined;

/** The page starts afresh then, which empties its memory too. */
export function whenWiped(run: () => void): void {
  afterWiping = run;
}

let looking: Promise<void> | null = null;

/** For the worker, which must not stop before it is done. */
export const wiping = (): Promise<void> => looking ?? Promise.resolve();

// Wherever the answer came in. It may have been on its way while somebody signed in: so it is asked for again.
whenEndedByOwner(() => {
  looking ??= exclusively(wipeIfEnded)
    .catch(() => undefined)
    .finally(() => (looking = null));
});

async function wipeIfEnded(): Promise<void> {
  const answer = await ask('GET', '/api/me');
  if (answer.kind !== 'refused' || answer.refusal.reason !== 'ended_by_you') return;
  // Letters that are only in a field yet are unsent words, too.
  await Promise.allSettled([...beforeStepAside].map((run) => run()));
  const personId = await beginWiping();
  if (!personId) return;
  tell({ about: 'who' });
  await clear(personId);
}

/** Everything of this person goes but what is unsent, which stays under a key of its own until they sign in here. */
async function clear(personId: string): Promise<void> {
  // A connection of our own: the page closes the one that it had when it hears that nobody is here any more.
  await closePhone(personId);
  const isHere = (await peopleHere()).includes(personId);
  const isLeft = isHere && (await leaveUnsent(await openPhone(personId)));
  if (isLeft) await closePhone(personId);
  else await wipePhone(personId);
  await clearBrowser();
  await endWiping(isLeft ? 'ended_by_you_unsent' : 'ended_by_you');
  tell({ about: 'who' });
  afterWiping();
}
