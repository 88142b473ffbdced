/**
 * What this phone knows before anybody's own database is open: who is signed in, a sign-in
 * half finished, and a session that is still to be ended. How somebody leaves it: device-leaving.ts.
 */
import { device } from './device-database';
import { canRead, deviceKey } from './keys';
import { seal, unseal, type Sealed } from './seal';

export interface SignedIn {
  id: string;
  /**
   * Whether the server's session is known to be this person's. False from before a sign-in is
   * sent until its answer is stored: meanwhile nothing may be sent in anybody's name.
   */
  confirmed: boolean;
  /** True after a 401: everything opens, nothing is sent until the person signs in again. */
  ended: boolean;
  /** Another at each sign-in: what was asked under an earlier one is not answered to this one. */
  sign_in?: string | undefined;
}

/** A sign-in on its way: the person may be in the mail app, or the tab may have been killed. */
export interface HalfSignIn {
  email: string;
  asked_at: number;
  /** Set when the code is asked for in order to join with an invitation. */
  joining?: { token: string; name: string; matters: string };
}

export async function whoIsSignedIn(): Promise<SignedIn | null> {
  return ((await (await device()).get('facts', 'signed_in')) as SignedIn | undefined) ?? null;
}

export async function writeSignedIn(who: SignedIn | null): Promise<void> {
  const db = await device();
  await (who ? db.put('facts', who, 'signed_in') : db.delete('facts', 'signed_in'));
}

export const HALF = 'half_sign_in';

export async function readHalfSignIn(): Promise<HalfSignIn | null> {
  const sealed = (await (await device()).get('facts', HALF)) as Sealed | undefined;
  if (!sealed || !(await canRead(HALF))) return null;
  return deviceKey(HALF)
    .then((key) => unseal<HalfSignIn>(key, sealed))
    .catch(() => null);
}

export async function writeHalfSignIn(half: HalfSignIn | null): Promise<void> {
  const db = await device();
  if (!half) {
    await (await import('./clearing')).forgetKey(HALF);
    return db.delete('facts', HALF);
  }
  await db.put('facts', await seal(await deviceKey(HALF), half), HALF);
}

/** A session that the server still has to be told of. `wakes`: the browser wakes the worker for it. */
export type Untold = 'untold' | 'untold_wakes';

export async function readUntold(): Promise<Untold | null> {
  const must = await (await device()).get('facts', 'end_session');
  if (!must) return null;
  return must === 'wakes' ? 'untold_wakes' : 'untold';
}

/** Why nobody is signed in here any more, for the page that says so. It names nobody. */
export type Farewell = 'ended_by_you' | 'ended_by_you_unsent';

export async function readFarewell(): Promise<Farewell | null> {
  return ((await (await device()).get('facts', 'farewell')) as Farewell | undefined) ?? null;
}

export async function writeFarewell(farewell: Farewell | null): Promise<void> {
  const db = await device();
  await (farewell ? db.put('facts', farewell, 'farewell') : db.delete('facts', 'farewell'));
}
