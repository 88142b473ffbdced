/** For tests: what passes between two people, as the server tells of it. */
import type { FeedbackOut, FeedbackRequestOut } from '../api/shapes';
import { ME, OTHER } from './pretend-server';

export function somePiece(change: Partial<FeedbackOut> = {}): FeedbackOut {
  return {
    id: 'piece',
    request_id: 'ask',
    cohort_id: 'rowan',
    giver: OTHER,
    receiver: ME,
    i_am: 'receiver',
    state: 'asked',
    has_faded: false,
    about: '',
    noticed: '',
    landed: '',
    wonder: '',
    declined_how: null,
    thanks: '',
    heard: '',
    wants_to_talk: false,
    giver_passes_on: false,
    receiver_passes_on: false,
    begun_at: new Date().toISOString(),
    fades_at: '2099-01-01T00:00:00Z',
    was_reminded: false,
    answered_at: null,
    fixed_at: null,
    is_fixed: false,
    opened_at: null,
    version: 0,
    ...change,
  };
}

/** The same, with me as the giver. */
export const given = (change: Partial<FeedbackOut> = {}) =>
  somePiece({ i_am: 'giver', giver: ME, receiver: OTHER, ...change });

export function someRequest(change: Partial<FeedbackRequestOut> = {}): FeedbackRequestOut {
  return {
    id: 'ask',
    cohort_id: 'rowan',
    asker: ME,
    question: 'What did you notice?',
    context: '',
    reflection_id: null,
    by_when: 'no_rush',
    created_at: '2026-11-20T10:00:00Z',
    changed_at: '2026-11-20T10:00:00Z',
    version: 1,
    mine: true,
    feedback: [somePiece()],
    ...change,
  };
}
