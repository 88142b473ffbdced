/** Asking a cohort to look at its contract again: from the contract itself, and from whoever has just joined. */
import type { ReviewOut } from '../api/shapes';
import { connection } from './connection.svelte';
import { newId } from './ids';
import { writeItem } from './items';
import { session } from './session.svelte';

/** A review as this phone shows it until the server has it. */
export function newReview(cohortId: string, text: string): ReviewOut {
  return {
    id: newId(),
    cohort_id: cohortId,
    by: { id: session.phone.personId, name: session.person?.name ?? '' },
    text: text.trim(),
    opened_at: new Date().toISOString(),
    version: 0,
    ended_at: null,
    ended_by: null,
    reopened_at: null,
  };
}

/** Keep it here at once; it is sent when there is signal. @throws PhoneIsFull */
export async function askForReview(cohortId: string, text: string): Promise<void> {
  const review = newReview(cohortId, text);
  await writeItem(session.phone, 'reviews', review.id, review);
  connection.hasNew('reviews', [review.id]);
}

/** What was begun to be written for it: the same words, wherever they are finished. */
export const reviewDraft = (cohortId: string): string => `review/${cohortId}`;
