/** What happened in a cohort, in order of time, newest first. It ends. */
import type { ActivityGroup, ActivityOut } from '../../api/shapes';
import { PagedList } from '../../store/paged-list.svelte';

export class Activity extends PagedList<ActivityOut> {
  /** @param only of the kinds that people look for together */
  constructor(cohortId: string, only?: ActivityGroup) {
    const path = `/api/cohorts/${cohortId}/activity` as const;
    super(only ? `${path}?group=${only}` : path);
  }
}
