/**
 * Asking in somebody's name. An answer is given only while who was here when it was asked still is, by the same sign-in;
 * and that their session is over is written down here and nowhere else: a late 401 ends nobody else's.
 */
import { ask, type Answer, type Method, type Request } from '../api/client';
import type { ApiPath } from '../api/shapes';
import type { Phone } from './database';
import { whoIsSignedIn, type SignedIn } from './device';
import { device } from './device-database';
import { tell } from './news';

/** In the name of the person whose phone this is. What comes when they have left is nobody's: `unreachable`. */
export async function askFor<T>(
  { personId }: Phone,
  method: Method,
  path: ApiPath,
  request?: Request,
): Promise<Answer<T>> {
  const who = await whoIsSignedIn();
  return who?.id === personId ? askAs(who, method, path, request) : { kind: 'unreachable' };
}

/** As `askFor`. @param who as they were noted when it was known that this would be asked */
export async function askAs<T>(
  who: SignedIn,
  method: Method,
  path: ApiPath,
  request?: Request,
): Promise<Answer<T>> {
  if (!(await areStillHere(who))) return { kind: 'unreachable' };
  const answer = await ask<T>(method, path, request);
  if (!(await areStillHere(who))) return { kind: 'unreachable' };
  if (answer.kind === 'refused' && answer.status === 401) await noteSessionOver(who);
  return answer;
}

/** Whether they still are, by the same sign-in, and nobody has begun to sign in since. */
export const areStillHere = async (who: SignedIn): Promise<boolean> =>
  isSame(who, await whoIsSignedIn());

const isSame = (then: SignedIn, now: SignedIn | null | undefined): now is SignedIn =>
  now?.id === then.id && now.sign_in === then.sign_in && (now.confirmed || !then.confirmed);

/** The server does not know this session any more. Who was asked about is compared in the transaction in which it is written. */
async function noteSessionOver(then: SignedIn): Promise<void> {
  const transaction = (await device()).transaction('facts', 'readwrite');
  const now = (await transaction.store.get('signed_in')) as SignedIn | undefined;
  const isNews = isSame(then, now) && !(now.ended && now.confirmed);
  if (isNews) await transaction.store.put({ ...now, confirmed: true, ended: true }, 'signed_in');
  await transaction.done;
  if (isNews) tell({ about: 'who' });
}
