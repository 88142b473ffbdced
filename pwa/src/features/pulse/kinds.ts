/** Check-ins as they are kept on the phone, and how an answer to one travels. */
import type { CheckInAnswerIn, CheckInOut } from '../../api/shapes';
import { listOf, WITH_IT, type Answers, type ShapeOf } from '../../store/copies';
import { plain, words, type Kind } from '../../store/kinds';

const CHECK_IN = {
  thing: 'check_in',
  isCohorts: true,
  holds: { commitment: WITH_IT, my_answer: WITH_IT },
} satisfies ShapeOf<CheckInOut>;

/** My answer stays mine on this phone; once a check-in has closed, the server no longer knows whose it was. */
export const checkInAnswers: Kind<CheckInAnswerIn, CheckInAnswerIn, CheckInOut> = {
  method: 'PUT',
  unsentAs: 'checkIns',
  holds: null,
  listedBy: null,
  isUnconditional: true,
  path: (id) => `/api/check-ins/${id}/answer`,
  content: { word: plain, note: words, signed: plain, wants_to_talk: plain },
  kept: (out) => out.my_answer!,
  isAnswerFor: (out, id) => out.id === id && out.my_answer !== null,
};

export const answers = {
  '/api/cohorts/_/check-ins': listOf(CHECK_IN),
  '/api/check-ins/_': CHECK_IN,
  // It goes with its cohort.
  '/api/cohorts/_/pulse': WITH_IT,
} satisfies Answers;
