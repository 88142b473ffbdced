/** Reflections as they travel and are kept on the phone. */
import type { ReflectionIn, ReflectionOut } from '../../api/shapes';
import { type Answers, type ShapeOf } from '../../store/copies';
import { plain, set, words, type Kind } from '../../store/kinds';

/**
 * A reflection on the phone. When its author shares it with a cohort, the people whom they saw named
 * are remembered and travel, so that nobody who joins before there is signal is reached unseen. An
 * edit that does not touch the audience names nobody, and the server leaves the audience as it is. How many
 * it reaches is the server's to say.
 */
export type OwnReflection = Omit<ReflectionOut, 'reached'> &
  Partial<Pick<ReflectionOut, 'reached'>> & { names_were_chosen?: true; before?: Before };

/**
 * Who could read it before a change that the server does not have yet. `isGuess`: that too was on its way,
 * and nobody knows whether it arrived.
 */
export type Before = Pick<ReflectionOut, 'audience' | 'shared_with'> &
  Partial<Pick<ReflectionOut, 'cohort_id'>> & { isGuess?: true };

export const REFLECTION = {
  thing: 'reflection',
  isCohorts: true,
} satisfies ShapeOf<ReflectionOut>;

export const reflections: Kind<OwnReflection, ReflectionIn, ReflectionOut> = {
  method: 'PUT',
  unsentAs: 'reflections',
  holds: null,
  listedBy: null,
  path: (id) => `/api/reflections/${id}`,
  content: {
    cohort_id: plain,
    text: words,
    areas: set,
    noticing: plain,
    stretch: plain,
    prompt_id: plain,
    audience: plain,
    shared_with: {
      sent: (value) => (travels(value) ? value.shared_with.map(({ id }) => id) : []),
      // Of a cohort the server lists those it reaches, not those who were named.
      same: (ids, { audience }) => (audience === 'people' ? set(ids) : []),
    },
    written_at: { sent: ({ written_at }) => written_at, same: null },
  },
  kept: (out) => out,
  isAnswerFor: (out, id, personId) => out.id === id && out.author.id === personId,
};

const travels = (value: OwnReflection): boolean =>
  value.audience === 'people' || (value.audience === 'cohort' && value.names_were_chosen === true);

export const answers = { '/api/reflections/_': REFLECTION } satisfies Answers;
