/** Where notifications go, as it is kept on the phone. */
import { WITH_IT, type Answers } from '../../store/copies';

export const answers = {
  // Nobody else's.
  '/api/devices': WITH_IT,
} satisfies Answers;
