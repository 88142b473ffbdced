/** What a cohort shared, in order of time, newest first. It ends. */
import type { ActivityKind, ActivityOut } from '../../api/shapes';
import { PagedList } from '../../store/paged-list.svelte';

export class Activity extends PagedList<ActivityOut> {
  constructor(cohortId: string, kind: ActivityKind | null = null) {
    const path = `/api/cohorts/${cohortId}/activity` as const;
    super(kind ? `${path}?kind=${kind}` : path);
  }
}
