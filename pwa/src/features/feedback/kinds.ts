/** Feedback as it travels and is kept on the phone: asks, answers and offers by PUT with ids of the phone's own, acts by POST. */
import type {
  ApiPath,
  FeedbackAnswerIn,
  FeedbackOfferIn,
  FeedbackOut,
  FeedbackRequestIn,
  FeedbackRequestOut,
  PersonRef,
} from '../../api/shapes';
import { listOf, WITH_IT, type Answers, type ShapeOf } from '../../store/copies';
import { plain, set, words, type Kind } from '../../store/kinds';

/** An ask of mine, with the people it goes to. */
export type OwnAsk = FeedbackRequestOut & { asked: PersonRef[] };

export type AnswerWords = FeedbackAnswerIn;

/** An answer of mine, under the id of the request or offer it belongs to. */
export interface OwnAnswer extends AnswerWords {
  to: PersonRef;
}

/** What one of the two does once: 'decline', 'open', 'thanks', … and what is said with it. */
export type Step = 'decline' | 'welcome' | 'reminder' | 'open' | 'thanks' | 'passing-on';

export interface Act {
  body: Record<string, unknown>;
  /** Once the server has it: the piece as it was then, and when this phone heard. */
  after?: FeedbackOut;
  at?: number;
}

export const actId = (step: Step, pieceId: string): string => `${step}.${pieceId}`;

/** The step and the piece of an act's id. */
export function actOf(id: string): { step: Step; pieceId: string } {
  const [step, pieceId] = id.split('.') as [Step, string];
  return { step, pieceId };
}

/** What is between two people belongs to the two, whichever cohort they leave. */
const PIECE = { thing: 'feedback' } satisfies ShapeOf<FeedbackOut>;
export const ASK = {
  thing: 'feedback_request',
  holds: { feedback: PIECE },
} satisfies ShapeOf<OwnAsk>;
const ACT = { holds: { after: PIECE, body: WITH_IT } } satisfies ShapeOf<Act>;

export const requests: Kind<OwnAsk, FeedbackRequestIn, FeedbackRequestOut> = {
  method: 'PUT',
  names: ({ reflection_id: id }) => (id ? { kind: 'reflections', id } : null),
  unsentAs: 'feedback',
  holds: ASK,
  listedBy: [],
  path: (id) => `/api/feedback-requests/${id}`,
  content: {
    // An ask stays in its cohort.
    cohort_id: { sent: ({ cohort_id }) => cohort_id!, same: null },
    question: words,
    context: words,
    reflection_id: plain,
    by_when: plain,
    asked: { sent: ({ asked }) => asked.map(({ id }) => id), same: set },
  },
  kept: (out) => ({ ...out, asked: out.feedback.map(({ giver }) => giver) }),
  isAnswerFor: (out, id, personId) => out.id === id && out.asker.id === personId,
};

export const given: Kind<OwnAnswer, AnswerWords, FeedbackOut> = {
  method: 'PUT',
  unsentAs: 'feedback',
  holds: null,
  listedBy: [],
  path: (id) => `/api/feedback-requests/${id}/answer`,
  content: { noticed: words, landed: words, wonder: words },
  kept: ({ noticed, landed, wonder, receiver }) => ({ noticed, landed, wonder, to: receiver }),
  isAnswerFor: (out, id, personId) =>
    (out.request_id === id || out.id === id) && out.giver.id === personId,
  isEmpty: ({ to: _to, ...said }) => Object.values(said).every((text) => !text),
};

export const offers: Kind<FeedbackOut, FeedbackOfferIn, FeedbackOut> = {
  method: 'PUT',
  unsentAs: 'feedback',
  holds: PIECE,
  listedBy: [],
  path: (id) => `/api/feedback-offers/${id}`,
  content: {
    // An offer stays in its cohort.
    cohort_id: { sent: ({ cohort_id }) => cohort_id!, same: null },
    to: { sent: ({ receiver }) => receiver.id, same: plain },
    about: words,
  },
  kept: (out) => out,
  isAnswerFor: (out, id, personId) => out.id === id && out.giver.id === personId,
};

export const acts: Kind<Act, Act['body'], FeedbackOut> = {
  method: 'POST',
  unsentAs: 'feedback',
  holds: ACT,
  listedBy: null,
  path: pathOfAct,
  content: ({ body }) => body,
  kept: (out) => ({ body: {}, after: out, at: Date.now() }),
  isAnswerFor: (out, id, personId) =>
    out.id === actOf(id).pieceId && [out.giver.id, out.receiver.id].includes(personId),
};

function pathOfAct(id: string): ApiPath {
  const { step, pieceId } = actOf(id);
  return step === 'welcome'
    ? `/api/feedback-offers/${pieceId}/welcome`
    : `/api/feedback-requests/${pieceId}/${step}`;
}

export const answers = {
  '/api/feedback-requests': listOf(ASK),
  '/api/feedback-offers': listOf(PIECE),
  // Nobody else's.
  '/api/feedback-requests/balance': WITH_IT,
} satisfies Answers;
