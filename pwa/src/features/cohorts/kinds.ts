/** Cohorts as they are kept on the phone. */
import { listOf, WITH_IT, type Answers } from '../../store/copies';

export const answers = {
  '/api/cohorts': listOf({ thing: 'cohort' }),
  '/api/cohorts/_/people': listOf({ thing: 'member' }),
  // They go with their cohort.
  '/api/cohorts/_/invitations': WITH_IT,
} satisfies Answers;
