/** How it stands with facilitating, as it is kept on the phone. */
import { WITH_IT, type Answers } from '../../store/copies';

// Both go with their cohort.
export const answers = {
  '/api/cohorts/_/facilitating': WITH_IT,
  '/api/cohorts/_/powers': WITH_IT,
} satisfies Answers;
