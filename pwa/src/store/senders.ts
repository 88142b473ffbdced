/** How each kind of item travels: where to, as what, and how to recognise it when it comes back. */
import type {
  ApiPath,
  DayIn,
  DayOut,
  Me,
  MeChange,
  PromptIn,
  PromptOut,
  ReflectionIn,
  ReflectionOut,
  ReminderIn,
  ReminderOut,
  ResponseIn,
  ResponseOut,
  RhythmIn,
  RhythmOut,
} from '../api/shapes';
import { DAY, PROMPT, REMINDER, type Shape } from './copies';
import type { ItemKind } from './database';
import { contractSenders } from './senders-contract';
import { feedbackSenders } from './senders-feedback';

/** What the phone keeps of a profile: as the person sees it, and which lines are still to be sent. */
export interface ProfileItem {
  me: Me;
  change: MeChange;
}

/** What would be lost by signing out, as it is called (`me.signOut`). */
export type Lost =
  | 'reflections'
  | 'responses'
  | 'profile'
  | 'wishes'
  | 'feedback'
  | 'proposals'
  | 'positions'
  | 'remarks'
  | 'reviews'
  | 'checkIns';

/**
 * All that is to be said of a kind of item: where and as what it travels, what makes two of them the same words, how it is
 * named, what of others' it holds. A kind that leaves one out does not compile.
 */
export interface Sender<Value, Body, Out> {
  method: 'PUT' | 'PATCH' | 'POST';
  /** As what those that are unsent are named to whoever signs out; null: what was read or skipped is no loss. */
  unsentAs: Lost | null;
  /** What of others' one of them may hold, as the server sends it back; null: nothing. */
  holds: Shape | null;
  /** What comes last holds: it is sent without a precondition, and no version goes with it. */
  isUnconditional?: true;
  /**
   * Of what is shown over a list of the server's: the fields that tell to which list it belongs. Once it is gone, only
   * these are remembered, until that list knows. Null: it is in no list, or cannot be taken away.
   */
  listedBy: readonly (keyof Value & string)[] | null;
  /** The one of mine that it names, so that the server has to have that first. */
  names?(value: Value): { kind: ItemKind; id: string } | null;
  /** Once it is sent there is nothing to keep: the server answers without a body. */
  leavesNothing?: true;
  path(id: string): ApiPath;
  body(value: Value): Body;
  /** What the phone keeps once the server has answered. */
  kept(out: Out): Value;
  /**
   * What makes two of them the same words, for what was sent and for what is stored alike. Without
   * the people of a cohort: the server lists those it reaches, not those who were named.
   */
  essence(value: Value): unknown;
  /** Whether this answer is about this item of this person. */
  isAnswerFor(out: Out, id: string, personId: string): boolean;
  /** Whether what the server has holds no words yet: then a newer version there is no other text. */
  isEmpty?(value: Value): boolean;
}

/**
 * A reflection on the phone. When its author shares it with a cohort, the people whom they saw named
 * are remembered and travel, so that nobody who joins before there is signal is reached unseen. An
 * edit that does not touch the audience names nobody, and the server leaves the audience as it is.
 */
export type OwnReflection = ReflectionOut & { names_were_chosen?: true; before?: Before };

/**
 * Who could read it before a change that the server does not have yet. `isGuess`: that too was on its way,
 * and nobody knows whether it arrived.
 */
export type Before = Pick<ReflectionOut, 'audience' | 'shared_with'> &
  Partial<Pick<ReflectionOut, 'cohort_id'>> & { isGuess?: true };

const reflections: Sender<OwnReflection, ReflectionIn, ReflectionOut> = {
  method: 'PUT',
  unsentAs: 'reflections',
  holds: null,
  listedBy: null,
  path: (id) => `/api/reflections/${id}`,
  body: (value) => ({
    cohort_id: value.cohort_id,
    text: value.text,
    areas: value.areas,
    noticing: value.noticing,
    stretch: value.stretch,
    prompt_id: value.prompt_id,
    audience: value.audience,
    shared_with: travels(value) ? value.shared_with.map((person) => person.id) : [],
    written_at: value.written_at,
  }),
  kept: (out) => out,
  essence: (value) => [
    value.cohort_id,
    value.text.trim(),
    value.areas.toSorted(),
    value.noticing,
    value.stretch,
    value.prompt_id,
    value.audience,
    value.audience === 'people' ? value.shared_with.map((person) => person.id).toSorted() : [],
  ],
  isAnswerFor: (out, id, personId) => out.id === id && out.author.id === personId,
};

const travels = (value: OwnReflection): boolean =>
  value.audience === 'people' || (value.audience === 'cohort' && value.names_were_chosen === true);

const responses: Sender<ResponseOut, ResponseIn, ResponseOut> = {
  method: 'PUT',
  unsentAs: 'responses',
  holds: null,
  listedBy: ['reflection_id'],
  path: (id) => `/api/responses/${id}`,
  body: (value) => ({ reflection_id: value.reflection_id, kind: value.kind, text: value.text }),
  kept: (out) => out,
  essence: (value) => [value.reflection_id, value.kind, value.text.trim()],
  isAnswerFor: (out, id, personId) => out.id === id && out.by.id === personId,
};

const profile: Sender<ProfileItem, MeChange, Me> = {
  method: 'PATCH',
  unsentAs: 'profile',
  holds: null,
  listedBy: null,
  path: () => '/api/me',
  body: (value) => value.change,
  kept: (out) => ({ me: out, change: {} }),
  essence: (value) => value.change,
  isAnswerFor: (out, _id, personId) => out.id === personId,
};

const rhythm: Sender<RhythmOut, RhythmIn, RhythmOut> = {
  method: 'PUT',
  unsentAs: 'wishes',
  holds: null,
  listedBy: null,
  path: () => '/api/me/rhythm',
  body: ({ version: _version, time_zone: _zone, ...wishes }) => wishes,
  kept: (out) => out,
  essence: ({ version: _version, time_zone: _zone, ...wishes }) => wishes,
  isAnswerFor: (out) => Array.isArray(out.windows),
};

const days: Sender<DayOut, DayIn, DayOut> = {
  names: ({ choice, prompt }) =>
    choice === 'own' && prompt ? { kind: 'prompts', id: prompt.id } : null,
  method: 'PUT',
  unsentAs: null,
  holds: DAY,
  listedBy: null,
  isUnconditional: true,
  path: (date) => `/api/prompts/days/${date}`,
  body: ({ choice, prompt }) => ({
    choice,
    prompt_id: choice === 'chosen' || choice === 'own' ? (prompt?.id ?? null) : null,
  }),
  kept: (out) => out,
  essence: ({ choice, prompt }) => [choice, prompt?.id],
  isAnswerFor: (out, date) => out.date === date,
};

const prompts: Sender<PromptOut, PromptIn, PromptOut> = {
  method: 'PUT',
  unsentAs: 'wishes',
  holds: PROMPT,
  listedBy: [],
  path: (id) => `/api/prompts/${id}`,
  body: ({ text, areas, depth, cohort_id }) => ({ text, areas, depth, cohort_id }),
  kept: (out) => out,
  essence: ({ text, areas, depth, cohort_id }) => [text.trim(), areas.toSorted(), depth, cohort_id],
  isAnswerFor: (out, id) => out.id === id,
};

const reminders: Sender<ReminderOut, ReminderIn, ReminderOut> = {
  method: 'PUT',
  unsentAs: 'wishes',
  holds: REMINDER,
  listedBy: ['cohort_id'],
  path: (id) => `/api/reminders/${id}`,
  body: reminderBody,
  kept: (out) => out,
  essence: reminderBody,
  isAnswerFor: (out, id) => out.id === id,
};

function reminderBody(value: ReminderOut): ReminderIn {
  const { cohort_id, about, at, every_weeks, starts_on, ends_on } = value;
  const weekdays = value.weekdays.toSorted((a, b) => a - b);
  return { cohort_id, about, weekdays, at, every_weeks, starts_on, ends_on };
}

/** Notices that were seen together. */
export interface Reads {
  id: string;
  ids: string[];
}

const reads: Sender<Reads, { ids: string[] }, undefined> = {
  method: 'POST',
  unsentAs: null,
  holds: null,
  listedBy: null,
  isUnconditional: true,
  leavesNothing: true,
  path: () => '/api/notices/read',
  body: ({ ids }) => ({ ids }),
  kept: () => ({ id: '', ids: [] }),
  essence: ({ ids }) => ids,
  isAnswerFor: () => true,
};

// eslint-disable-next-line -- each sender is only ever given items of its own kind
export const SENDERS: Record<ItemKind, Sender<any, any, any>> = {
  reflections,
  responses,
  profile,
  rhythm,
  days,
  prompts,
  reminders,
  reads,
  ...feedbackSenders,
  ...contractSenders,
};
