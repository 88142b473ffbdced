import type { CohortOut, CohortPerson } from '../../api/shapes';
import type { Readers } from '../../ui/audience-words';
import { readersOf } from './words';

/** Who will read what is for a whole cohort; `people` are its members as far as the phone knows them. */
export const readersIn = (
  cohort: CohortOut,
  people: readonly CohortPerson[],
  myId: string,
): Readers =>
  readersOf({ audience: 'cohort', cohort_id: cohort.id, shared_with: [] }, cohort, people, myId);
