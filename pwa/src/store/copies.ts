/**
 * What of others' an answer of the server holds: written down once for all answers that the phone
 * keeps, so that it can ask about each and let go of it, wherever it stands. Pure.
 */
import type { components } from '../api/schema';

export type Thing = components['schemas']['HeldOut']['kind'];

/** `kind/id`; of a member `member/cohort/id`. */
export type Ref = `${Thing}/${string}`;

/** What may be kept: true of every reference to something that may still be seen. */
export type Judge = (ref: Ref) => boolean;

/** How a thing looks in an answer. */
export interface Shape {
  /** What its `id` names. */
  thing?: Thing;
  /** It is a cohort's: who leaves that gives it up, unless it is their own. */
  isCohorts?: boolean;
  /** Fields that hold other things, one or a list. What is one with a thing goes with it. */
  holds?: Record<string, Shape>;
}

const list = (items: Shape): Shape => ({ holds: { items } });

const REFLECTION: Shape = { thing: 'reflection', isCohorts: true };
const RESPONSE: Shape = { thing: 'response' };
/** What is between two people belongs to the two, whichever cohort they leave. */
const PIECE: Shape = { thing: 'feedback' };
const ASK: Shape = { thing: 'feedback_request', holds: { feedback: PIECE } };
const PROPOSAL: Shape = {
  thing: 'proposal',
  isCohorts: true,
  holds: { remarks: { thing: 'remark' } },
};
const REVIEW: Shape = { thing: 'review', isCohorts: true };
const PROMPT: Shape = { thing: 'prompt', isCohorts: true };
const REMINDER: Shape = { thing: 'reminder', isCohorts: true };
const CHECK_IN: Shape = { thing: 'check_in', isCohorts: true };
const DAY: Shape = { holds: { prompt: PROMPT } };

/** The answers that are kept, by their address without its query; an `_` stands for one id. */
const ANSWERS: Record<string, Shape> = {
  '/api/cohorts': list({ thing: 'cohort' }),
  '/api/cohorts/_/people': list({ thing: 'member' }),
  '/api/cohorts/_/activity': list({ holds: { reflection: REFLECTION, response: RESPONSE } }),
  '/api/cohorts/_/contract': { holds: { reviews: REVIEW } },
  '/api/cohorts/_/contract/reviews': list(REVIEW),
  '/api/cohorts/_/proposals': list(PROPOSAL),
  '/api/cohorts/_/check-ins': list(CHECK_IN),
  '/api/cohorts/_/reminders': list(REMINDER),
  // These hold nothing that could be taken back by itself: they go with their cohort.
  '/api/cohorts/_/contract/versions': {},
  '/api/cohorts/_/contract/versions/_': {},
  '/api/cohorts/_/pulse': {},
  '/api/cohorts/_/invitations': {},
  '/api/reflections/_': REFLECTION,
  '/api/reflections/_/responses': list(RESPONSE),
  '/api/feedback-requests': list(ASK),
  '/api/feedback-offers': list(PIECE),
  '/api/proposals/_': PROPOSAL,
  '/api/check-ins/_': CHECK_IN,
  '/api/prompts': list(PROMPT),
  '/api/prompts/today': { holds: { prompt: PROMPT, coming: DAY } },
  '/api/notices': list({ thing: 'notice', holds: { about: { isCohorts: true } } }),
  // Nobody else's.
  '/api/notices/waiting': {},
  '/api/feedback-requests/balance': {},
  '/api/devices': {},
};

/** What an address that begins so is about. */
const ABOUT: Record<string, Thing> = {
  cohorts: 'cohort',
  reflections: 'reflection',
  proposals: 'proposal',
  'check-ins': 'check_in',
};

/** The items of mine that may hold others' words too, as the server sent them back. */
export const ITEMS = {
  feedback_requests: ASK,
  feedback_offers: PIECE,
  feedback_acts: { holds: { after: PIECE } },
  proposals: PROPOSAL,
  remarks: { thing: 'remark' },
  reviews: REVIEW,
  reminders: REMINDER,
  prompts: PROMPT,
  days: DAY,
} as const satisfies Record<string, Shape>;

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const isId = (part: unknown): part is string => typeof part === 'string' && ID.test(part);

/** What this address is known to hold; null for one that nothing was written down of. */
export function shapeOf(path: string): Shape | null {
  const parts = partsOf(path).map((part) => (isId(part) || /^\d+$/.test(part) ? '_' : part));
  return ANSWERS[`/${parts.join('/')}`] ?? null;
}

/** Everything that a kept answer holds. */
export function refsIn(path: string, value: unknown): Set<Ref> {
  return collected((judge) => kept(path, value, judge));
}

/** Everything that an item of mine holds; of one that is still to be sent only what is in it. */
export function refsInItem(value: unknown, shape: Shape, isUnsent: boolean): Set<Ref> {
  return collected((judge) => keptItem(value, shape, isUnsent, judge));
}

/** What is left of an answer; null when all of it goes. What was not touched is the same object. */
export function kept(path: string, value: unknown, judge: Judge): unknown {
  const [, name = '', id] = partsOf(path);
  const about = isId(id) ? ABOUT[name] : undefined;
  if (about && !judge(`${about}/${id}`)) return null;
  return left(value, shapeOf(path) ?? {}, judge, about === 'cohort' ? id! : null);
}

/** As `kept`, of an item of mine. My own words that are still to be sent are never lost. */
export function keptItem(value: unknown, shape: Shape, isUnsent: boolean, judge: Judge): unknown {
  const { holds } = shape;
  return left(value, isUnsent ? (holds ? { holds } : {}) : shape, judge, null);
}

function left(value: unknown, shape: Shape, judge: Judge, cohort: string | null): unknown {
  if (Array.isArray(value)) {
    const some = value.map((one) => left(one, shape, judge, cohort));
    const rest = some.filter((one) => one !== null);
    return rest.length < value.length || some.some((one, i) => one !== value[i]) ? rest : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const row = value as Record<string, unknown>;
  if (!all(refsOf(row, shape, cohort), judge)) return null;
  let rest = row;
  for (const [field, inner] of Object.entries(shape.holds ?? {})) {
    const now = left(row[field], inner, judge, cohort);
    if (now === row[field]) continue;
    if (now === null) return null;
    rest = { ...rest, [field]: now };
  }
  return rest;
}

/** What this row itself stands for. */
function refsOf(row: Record<string, unknown>, shape: Shape, cohort: string | null): Ref[] {
  const { id, cohort_id } = row;
  const refs: Ref[] = [];
  if (shape.thing && isId(id)) {
    if (shape.thing === 'member') refs.push(`member/${cohort}/${id}`);
    // Our own questions are nobody's.
    else if (shape.thing !== 'prompt' || row.by) refs.push(`${shape.thing}/${id}`);
  }
  const isMine = row.mine === true || row.is_mine === true;
  if (shape.isCohorts && isId(cohort_id) && !isMine) refs.push(`cohort/${cohort_id}`);
  return refs;
}

/** Each is asked about, also behind one that is gone. */
const all = (refs: readonly Ref[], judge: Judge): boolean =>
  refs.map((ref) => judge(ref)).every(Boolean);

function collected(look: (judge: Judge) => unknown): Set<Ref> {
  const refs = new Set<Ref>();
  look((ref) => {
    refs.add(ref);
    return true;
  });
  return refs;
}

const partsOf = (path: string): string[] => path.split('?')[0]!.split('/').slice(1);
