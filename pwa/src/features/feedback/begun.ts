/** What I begin, as it stands on this phone before the server has it. */
import type { FeedbackOut, FeedbackRequestOut, PersonRef } from '../../api/shapes';
import type { OwnAsk } from './kinds';

const A_DAY = 86_400_000;
const FADES_AFTER = 14 * A_DAY;

/** The name of the draft of an answer. */
export const answerKey = (threadId: string): string => `feedback/answer/${threadId}`;

/** The name of the draft of an ask, or of a change of one. */
export const askKey = (id?: string): string => (id ? `feedback/ask/${id}` : 'feedback/ask');

/** What I ask, of whom, and when it would help. */
export interface AskDraft {
  cohort_id: string;
  question: string;
  context: string;
  reflection_id: string | null;
  by_when: string;
  asked: PersonRef[];
}

/** An ask of mine, new or changed from `before`. */
export function asked(
  draft: AskDraft,
  id: string,
  me: PersonRef,
  before: FeedbackRequestOut | null = null,
): OwnAsk {
  const now = new Date();
  return {
    ...draft,
    question: draft.question.trim(),
    context: draft.context.trim(),
    id,
    asker: me,
    created_at: before?.created_at ?? now.toISOString(),
    changed_at: now.toISOString(),
    version: before?.version ?? 0,
    mine: true,
    feedback: draft.asked.map(
      (giver) =>
        before?.feedback.find((piece) => piece.giver.id === giver.id) ??
        pieceOf({
          id: `${id}/${giver.id}`,
          request_id: id,
          cohort_id: draft.cohort_id,
          giver,
          receiver: me,
          i_am: 'receiver',
          state: 'asked',
          begun_at: now.toISOString(),
          fades_at: fadesAt(now, draft.by_when),
        }),
    ),
  };
}

/** An offer of mine. */
export function offered(
  cohortId: string,
  me: PersonRef,
  to: PersonRef,
  about: string,
  id: string,
): FeedbackOut {
  const now = new Date();
  return pieceOf({
    id,
    request_id: null,
    cohort_id: cohortId,
    giver: me,
    receiver: to,
    i_am: 'giver',
    state: 'offered',
    about: about.trim(),
    begun_at: now.toISOString(),
    fades_at: fadesAt(now, 'no_rush'),
  });
}

/** When an ask fades, for as long as the server has not said it. */
function fadesAt(from: Date, byWhen: string): string {
  const byDate = Date.parse(byWhen);
  const end = Number.isNaN(byDate) ? from.getTime() + FADES_AFTER : byDate + 2 * A_DAY;
  return new Date(Math.max(end, from.getTime() + A_DAY)).toISOString();
}

type Begun = Pick<
  FeedbackOut,
  | 'id'
  | 'request_id'
  | 'cohort_id'
  | 'giver'
  | 'receiver'
  | 'i_am'
  | 'state'
  | 'begun_at'
  | 'fades_at'
> &
  Partial<FeedbackOut>;

function pieceOf(begun: Begun): FeedbackOut {
  return {
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
    was_reminded: false,
    answered_at: null,
    fixed_at: null,
    is_fixed: false,
    opened_at: null,
    version: 0,
    ...begun,
  };
}
