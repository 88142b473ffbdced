/** Facilitating from hand to hand, and what it allows. What one does about it needs signal: others hear of it at once. */
import { ask, type Answer } from '../../api/client';
import type {
  ApiPath,
  FacilitatingOut,
  List,
  ObjectionReason,
  PowerOut,
  Role,
} from '../../api/shapes';
import { kept } from '../../store/kept-resource.svelte';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';

const stands = new Map<string, Resource<FacilitatingOut>>();
const powers = new Map<string, Resource<List<PowerOut>>>();
session.onLeave(() => {
  stands.clear();
  powers.clear();
});

/** How it stands with facilitating in a cohort. */
export const facilitating = (id: string): Resource<FacilitatingOut> =>
  kept(stands, id, `/api/cohorts/${id}/facilitating`);

/** What facilitating allows there, and what was done with it. */
export const powersOf = (id: string): Resource<List<PowerOut>> =>
  kept(powers, id, `/api/cohorts/${id}/powers`);

export const chooseRole = (id: string, role: Role): Promise<Answer<FacilitatingOut>> =>
  doing(id, 'PUT', `/api/cohorts/${id}/people/me/role`, { role });

export const handOn = (id: string, to: string): Promise<Answer<FacilitatingOut>> =>
  doing(id, 'PUT', `/api/cohorts/${id}/facilitating/offer`, { to });

export const withdrawOffer = (id: string): Promise<Answer<void>> =>
  doing(id, 'DELETE', `/api/cohorts/${id}/facilitating/offer`);

export const answerOffer = (
  id: string,
  by: string,
  accepts: boolean,
): Promise<Answer<FacilitatingOut>> =>
  doing(id, 'POST', `/api/cohorts/${id}/facilitating/offers/${by}/answer`, { accepts });

export const objectTo = (
  id: string,
  to: string,
  reason: ObjectionReason,
): Promise<Answer<FacilitatingOut>> =>
  doing(id, 'POST', `/api/cohorts/${id}/facilitating/objection`, { to, reason });

export const undoJoining = (id: string, person: string): Promise<Answer<void>> =>
  doing(id, 'DELETE', `/api/cohorts/${id}/people/${person}/joining`);

/** Also after a refusal: then it stands otherwise than this phone knew. */
async function doing<T>(
  id: string,
  method: 'PUT' | 'POST' | 'DELETE',
  path: ApiPath,
  body?: object,
): Promise<Answer<T>> {
  const answer = await ask<T>(method, path, { body });
  if (answer.kind === 'ok' || answer.kind === 'refused')
    await Promise.all([facilitating(id).reload(), cohorts.people(id).reload(), cohorts.reload()]);
  return answer;
}
