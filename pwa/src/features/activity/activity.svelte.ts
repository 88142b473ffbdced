/** What happened in a cohort, in order of time, newest first. It ends. */
import type { ActivityGroup, ActivityKind, ActivityOut } from '../../api/shapes';
import { PagedList } from '../../store/paged-list.svelte';

/** Of one kind, or of kinds that people look for together; all of it, where nothing is said. */
export type Only = { kind: ActivityKind } | { group: ActivityGroup };

export class Activity extends PagedList<ActivityOut> {
  constructor(cohortId: string, only?: Only) {
    const path = `/api/cohorts/${cohortId}/activity` as const;
    super(only ? `${path}?${new URLSearchParams(only).toString()}` : path);
  }
}
