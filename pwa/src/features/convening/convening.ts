/** Bringing a cohort together, and what is changed of its frame and its invitations: all of it needs signal. */
import { ask, type Answer } from '../../api/client';
import type {
  ApiPath,
  CohortIn,
  CohortOut,
  InvitationIn,
  InvitationOut,
  List,
  MailedInvitationIn,
  ShownInvitation,
} from '../../api/shapes';
import { kept } from '../../store/kept-resource.svelte';
import type { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';

const lists = new Map<string, Resource<List<InvitationOut>>>();
session.onLeave(() => lists.clear());

/** The invitations made so far: every member may see which links are out. */
export const invitations = (id: string): Resource<List<InvitationOut>> =>
  kept(lists, id, `/api/cohorts/${id}/invitations`);

export async function convene(cohort: CohortIn): Promise<Answer<CohortOut>> {
  const answer = await ask<CohortOut>('POST', '/api/cohorts', { body: cohort });
  if (answer.kind === 'ok') await Promise.all([cohorts.choose(answer.data.id), cohorts.reload()]);
  return answer;
}

export async function change(id: string, frame: Partial<CohortIn>): Promise<Answer<CohortOut>> {
  const answer = await ask<CohortOut>('PATCH', `/api/cohorts/${id}`, { body: frame });
  if (answer.kind === 'ok') await cohorts.reload();
  return answer;
}

export const invite = (id: string, body: InvitationIn): Promise<Answer<ShownInvitation>> =>
  making(id, `/api/cohorts/${id}/invitations`, body);

/** A letter to each address, with a link of its own. */
export const inviteByMail = (
  id: string,
  body: MailedInvitationIn,
): Promise<Answer<InvitationOut>> => making(id, `/api/cohorts/${id}/invitations/by-mail`, body);

async function making<T>(id: string, path: ApiPath, body: object): Promise<Answer<T>> {
  const answer = await ask<T>('POST', path, { body });
  if (answer.kind === 'ok') await invitations(id).reload();
  return answer;
}

/** The link of one that is open still. The phone keeps none: whoever finds the phone finds no way in. */
export const showAgain = (id: string, invitationId: string): Promise<Answer<ShownInvitation>> =>
  ask('POST', `/api/cohorts/${id}/invitations/${invitationId}/link`);

export async function revoke(id: string, invitationId: string): Promise<Answer<void>> {
  const answer = await ask<void>('DELETE', `/api/cohorts/${id}/invitations/${invitationId}`);
  if (answer.kind === 'ok') await invitations(id).reload();
  return answer;
}
