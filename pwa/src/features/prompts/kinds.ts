/** Questions, and what somebody made of a day's, as they travel and are kept on the phone. */
import type { DayIn, DayOut, PromptIn, PromptOut } from '../../api/shapes';
import { listOf, type Answers, type ShapeOf } from '../../store/copies';
import { plain, set, words, type Kind } from '../../store/kinds';

const PROMPT = { thing: 'prompt', isCohorts: true } satisfies ShapeOf<PromptOut>;
const DAY = { holds: { prompt: PROMPT } } satisfies ShapeOf<DayOut>;

export const prompts: Kind<PromptOut, PromptIn, PromptOut> = {
  method: 'PUT',
  unsentAs: 'wishes',
  holds: PROMPT,
  listedBy: [],
  path: (id) => `/api/prompts/${id}`,
  content: { text: words, areas: set, depth: plain, cohort_id: plain },
  kept: (out) => out,
  isAnswerFor: (out, id) => out.id === id,
};

export const days: Kind<DayOut, DayIn, DayOut> = {
  method: 'PUT',
  unsentAs: null,
  holds: DAY,
  listedBy: null,
  isUnconditional: true,
  names: ({ choice, prompt }) =>
    choice === 'own' && prompt ? { kind: 'prompts', id: prompt.id } : null,
  path: (date) => `/api/prompts/days/${date}`,
  content: {
    choice: plain,
    prompt_id: {
      sent: ({ choice, prompt }) =>
        choice === 'chosen' || choice === 'own' ? (prompt?.id ?? null) : null,
      same: plain,
    },
  },
  kept: (out) => out,
  isAnswerFor: (out, date) => out.date === date,
};

export const answers = {
  '/api/prompts': listOf(PROMPT),
  '/api/prompts/today': { holds: { prompt: PROMPT, coming: DAY } },
} satisfies Answers;
