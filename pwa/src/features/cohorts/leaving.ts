/** Leaving a cohort: what others made there leaves this phone in the same moment. */
import { ask, type Answer } from '../../api/client';
import { letGoOfCohort } from '../../store/letting-go';
import { session } from '../../store/session.svelte';
import { look } from '../../store/sync';
import { cohorts } from './cohorts.svelte';

/** Needs signal. My own words stay mine. */
export async function leaveCohort(id: string): Promise<Answer<void>> {
  const { phone } = session;
  const answer = await ask<void>('DELETE', `/api/cohorts/${id}/people/me`);
  if (answer.kind !== 'ok') return answer;
  await letGoOfCohort(phone, id);
  void look(phone, { isNow: true });
  await cohorts.reload();
  return answer;
}
