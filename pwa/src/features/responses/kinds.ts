/** Responses as they travel and are kept on the phone. */
import type { ResponseIn, ResponseOut } from '../../api/shapes';
import { listOf, type Answers, type ShapeOf } from '../../store/copies';
import { plain, words, type Kind } from '../../store/kinds';

export const RESPONSE = { thing: 'response' } satisfies ShapeOf<ResponseOut>;

export const responses: Kind<ResponseOut, ResponseIn, ResponseOut> = {
  method: 'PUT',
  unsentAs: 'responses',
  holds: null,
  listedBy: ['reflection_id'],
  path: (id) => `/api/responses/${id}`,
  content: { reflection_id: plain, kind: plain, text: words },
  kept: (out) => out,
  isAnswerFor: (out, id, personId) => out.id === id && out.by.id === personId,
};

export const answers = { '/api/reflections/_/responses': listOf(RESPONSE) } satisfies Answers;
