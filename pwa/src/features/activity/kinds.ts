/** What happened in a cohort, as it is kept on the phone. */
import { listOf, WITH_IT, type Answers } from '../../store/copies';
import { REFLECTION } from '../reflections/kinds';
import { RESPONSE } from '../responses/kinds';

export const answers = {
  '/api/cohorts/_/activity': listOf({
    isCohorts: true,
    holds: { reflection: REFLECTION, response: RESPONSE, details: WITH_IT },
  }),
} satisfies Answers;
