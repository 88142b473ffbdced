/** Bringing a cohort together, and what is changed of its frame and its invitations: all of it needs signal. */
import { ask, type Answer } from '../../api/client';
import type {
  CohortIn,
  CohortOut,
  InvitationIn,
  InvitationMade,
  InvitationOut,
  List,
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

/** Only this answer shows the link and its QR picture. */
export async function invite(
  id: string,
  invitation: InvitationIn,
): Promise<Answer<InvitationMade>> {
  const answer = await ask<InvitationMade>('POST', `/api/cohorts/${id}/invitations`, {
    body: invitation,
  });
  if (answer.kind === 'ok') await invitations(id).reload();
  return answer;
}

export async function revoke(id: string, invitationId: string): Promise<Answer<void>> {
  const answer = await ask<void>('DELETE', `/api/cohorts/${id}/invitations/${invitationId}`);
  if (answer.kind === 'ok') await invitations(id).reload();
  return answer;
}
