/** A contract as it is kept on the phone, and how it travels that somebody wants to look at it again. */
import type { ReviewIn, ReviewOut } from '../../api/shapes';
import { listOf, WITH_IT, type Answers, type ShapeOf } from '../../store/copies';
import { plain, words, type Kind } from '../../store/kinds';

const REVIEW = { thing: 'review', isCohorts: true } satisfies ShapeOf<ReviewOut>;

export const reviews: Kind<ReviewOut, ReviewIn, ReviewOut> = {
  method: 'PUT',
  unsentAs: 'reviews',
  holds: REVIEW,
  listedBy: ['cohort_id'],
  path: (id) => `/api/contract-reviews/${id}`,
  content: { cohort_id: plain, text: words },
  kept: (out) => out,
  isAnswerFor: (out, id, personId) => out.id === id && out.by?.id === personId,
};

export const answers = {
  '/api/cohorts/_/contract': { holds: { commitments: WITH_IT, reviews: REVIEW } },
  '/api/cohorts/_/contract/reviews': listOf(REVIEW),
  // These go with their cohort.
  '/api/cohorts/_/contract/versions': WITH_IT,
  '/api/cohorts/_/contract/versions/_': WITH_IT,
} satisfies Answers;
