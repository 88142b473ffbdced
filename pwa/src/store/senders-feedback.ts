/** How feedback travels: asks, answers and offers by PUT with ids of the phone's own, acts by POST. */
import type {
  ApiPath,
  FeedbackOut,
  FeedbackRequestIn,
  FeedbackRequestOut,
  PersonRef,
} from '../api/shapes';
import { ACT, ASK, PIECE } from './copies';
import type { FeedbackKind } from './database';
import type { Sender } from './senders';

/** An ask of mine, with the people it goes to. */
export type OwnAsk = FeedbackRequestOut & { asked: PersonRef[] };

export interface AnswerWords {
  noticed: string;
  landed: string;
  wonder: string;
}

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

const WORDS = ['noticed', 'landed', 'wonder'] as const;

const requests: Sender<OwnAsk, FeedbackRequestIn, FeedbackRequestOut> = {
  method: 'PUT',
  names: ({ reflection_id: id }) => (id ? { kind: 'reflections', id } : null),
  unsentAs: 'feedback',
  holds: ASK,
  listedBy: [],
  path: (id) => `/api/feedback-requests/${id}`,
  body: (value) => ({
    cohort_id: value.cohort_id!,
    question: value.question,
    context: value.context,
    reflection_id: value.reflection_id,
    by_when: value.by_when,
    asked: value.asked.map(({ id }) => id),
  }),
  kept: (out) => ({ ...out, asked: out.feedback.map(({ giver }) => giver) }),
  essence: (value) => [
    value.question.trim(),
    value.context.trim(),
    value.reflection_id,
    value.by_when,
    value.asked.map(({ id }) => id).toSorted(),
  ],
  isAnswerFor: (out, id, personId) => out.id === id && out.asker.id === personId,
};

const answers: Sender<OwnAnswer, AnswerWords, FeedbackOut> = {
  method: 'PUT',
  unsentAs: 'feedback',
  holds: null,
  listedBy: [],
  path: (id) => `/api/feedback-requests/${id}/answer`,
  body: ({ noticed, landed, wonder }) => ({ noticed, landed, wonder }),
  kept: ({ noticed, landed, wonder, receiver }) => ({ noticed, landed, wonder, to: receiver }),
  essence: (value) => WORDS.map((name) => value[name].trim()),
  isAnswerFor: (out, id, personId) =>
    (out.request_id === id || out.id === id) && out.giver.id === personId,
  isEmpty: (value) => WORDS.every((name) => !value[name]),
};

const offers: Sender<FeedbackOut, object, FeedbackOut> = {
  method: 'PUT',
  unsentAs: 'feedback',
  holds: PIECE,
  listedBy: [],
  path: (id) => `/api/feedback-offers/${id}`,
  body: ({ cohort_id, receiver, about }) => ({ cohort_id, to: receiver.id, about }),
  kept: (out) => out,
  essence: ({ receiver, about }) => [receiver.id, about.trim()],
  isAnswerFor: (out, id, personId) => out.id === id && out.giver.id === personId,
};

const acts: Sender<Act, object, FeedbackOut> = {
  method: 'POST',
  unsentAs: 'feedback',
  holds: ACT,
  listedBy: null,
  path: pathOfAct,
  body: ({ body }) => body,
  kept: (out) => ({ body: {}, after: out, at: Date.now() }),
  essence: ({ body }) => body,
  isAnswerFor: (out, id, personId) =>
    out.id === actOf(id).pieceId && [out.giver.id, out.receiver.id].includes(personId),
};

function pathOfAct(id: string): ApiPath {
  const { step, pieceId } = actOf(id);
  return step === 'welcome'
    ? `/api/feedback-offers/${pieceId}/welcome`
    : `/api/feedback-requests/${pieceId}/${step}`;
}

// eslint-disable-next-line -- each sender is only ever given items of its own kind
export const feedbackSenders: Record<FeedbackKind, Sender<any, any, any>> = {
  feedback_requests: requests,
  feedback_answers: answers,
  feedback_offers: offers,
  feedback_acts: acts,
};
