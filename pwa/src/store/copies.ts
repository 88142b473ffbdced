/**
 * What of others' an answer of the server holds: written down once for all answers that the phone
 * keeps, so that it can ask about each and let go of it, wherever it stands. Pure.
 */
import type { components, paths } from '../api/schema';
import type {
  CheckInOut,
  DayOut,
  FeedbackOut,
  PersonRef,
  PromptOut,
  ProposalOut,
  ReflectionOut,
  RemarkOut,
  ReminderOut,
  ResponseOut,
  ReviewOut,
} from '../api/shapes';
import type { Act, OwnAsk } from './senders-feedback';

export type Thing = components['schemas']['HeldOut']['kind'];

/** `kind/id`; of a member `member/cohort/id`. */
export type Ref = `${Thing}/${string}`;

/** What may be kept: true of every reference to something that may still be seen. */
export type Judge = (ref: Ref) => boolean;

/** How a thing looks in an answer. */
export interface Shape {
  /** What its `id` names. */
  thing?: Thing;
  /**
   * It is a cohort's, its own or that of what it stands in: who leaves that gives it up, unless it is
   * their own. What others said within something of mine goes so, too.
   */
  isCohorts?: boolean;
  /** Fields that hold other things, one or a list. What is one with a thing goes with it; a text just goes. */
  holds?: Record<string, Shape>;
}

type Bare<T> = NonNullable<T> extends readonly (infer One)[] ? Bare<One> : NonNullable<T>;

/** The fields that may hold somebody's words: one thing or several. Whoever is only named says nothing. */
type Telling<T> = {
  [F in keyof T]: unknown extends T[F]
    ? never
    : Bare<T[F]> extends object
      ? keyof Bare<T[F]> extends keyof PersonRef
        ? never
        : F
      : never;
}[keyof T];

/** The shape of such an answer: the compiler refuses one that leaves a field out which may hold words. */
export type ShapeOf<T> =
  | typeof WITH_IT
  | (Shape &
      ([Telling<T>] extends [never]
        ? unknown
        : { holds: { [F in Telling<T>]: ShapeOf<Bare<T[F]>> } }));

/** Nothing of it is taken back by itself: it goes with what it stands in. */
const WITH_IT = {} as Shape & { readonly goesWithIt: true };

const list = <S extends Shape>(items: S) => ({ holds: { items } });

const REFLECTION = {
  thing: 'reflection',
  isCohorts: true,
} satisfies ShapeOf<ReflectionOut>;
const RESPONSE = { thing: 'response' } satisfies ShapeOf<ResponseOut>;
/** What is between two people belongs to the two, whichever cohort they leave. */
export const PIECE = { thing: 'feedback' } satisfies ShapeOf<FeedbackOut>;
export const ASK = {
  thing: 'feedback_request',
  holds: { feedback: PIECE },
} satisfies ShapeOf<OwnAsk>;
/** Others' words in it, its cohort's as well, are given up with the cohort, though the proposal is mine. */
const IN_IT: Shape = { isCohorts: true };
export const REMARK = { thing: 'remark', isCohorts: true } satisfies ShapeOf<RemarkOut>;
export const PROPOSAL = {
  thing: 'proposal',
  isCohorts: true,
  holds: { before: IN_IT, my_position: WITH_IT, positions: IN_IT, remarks: REMARK },
} satisfies ShapeOf<ProposalOut>;
export const REVIEW = { thing: 'review', isCohorts: true } satisfies ShapeOf<ReviewOut>;
export const PROMPT = { thing: 'prompt', isCohorts: true } satisfies ShapeOf<PromptOut>;
export const REMINDER = { thing: 'reminder', isCohorts: true } satisfies ShapeOf<ReminderOut>;
const CHECK_IN = {
  thing: 'check_in',
  isCohorts: true,
  holds: { commitment: WITH_IT, my_answer: WITH_IT },
} satisfies ShapeOf<CheckInOut>;
export const DAY = { holds: { prompt: PROMPT } } satisfies ShapeOf<DayOut>;

export const ACT = { holds: { after: PIECE, body: WITH_IT } } satisfies ShapeOf<Act>;

/** `/api/proposals/{proposal_id}` → `/api/proposals/_` */
type Blank<Path> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}_${Blank<After>}`
  : Path;
type Heard<Path> = Path extends {
  get: { responses: { 200: { content: { 'application/json': infer Answer } } } };
}
  ? Answer
  : never;
type Answers = { [Path in keyof paths as Blank<Path>]?: ShapeOf<Heard<paths[Path]>> };

/** The answers that are kept, by their address without its query; an `_` stands for one id. */
const ANSWERS = {
  '/api/cohorts': list({ thing: 'cohort' }),
  '/api/cohorts/_/people': list({ thing: 'member' }),
  '/api/cohorts/_/activity': list({
    holds: { reflection: REFLECTION, response: RESPONSE, details: WITH_IT },
  }),
  '/api/cohorts/_/contract': { holds: { commitments: WITH_IT, reviews: REVIEW } },
  '/api/cohorts/_/contract/reviews': list(REVIEW),
  '/api/cohorts/_/proposals': list(PROPOSAL),
  '/api/cohorts/_/check-ins': list(CHECK_IN),
  '/api/cohorts/_/reminders': list(REMINDER),
  // These go with their cohort.
  '/api/cohorts/_/contract/versions': WITH_IT,
  '/api/cohorts/_/contract/versions/_': WITH_IT,
  '/api/cohorts/_/pulse': WITH_IT,
  '/api/cohorts/_/invitations': WITH_IT,
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
  '/api/notices/waiting': WITH_IT,
  '/api/feedback-requests/balance': WITH_IT,
  '/api/devices': WITH_IT,
} satisfies Answers;

/** What an address that begins so is about. */
const ABOUT: Record<string, Thing> = {
  cohorts: 'cohort',
  reflections: 'reflection',
  proposals: 'proposal',
  'check-ins': 'check_in',
};

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const isId = (part: unknown): part is string => typeof part === 'string' && ID.test(part);

/** What this address is known to hold; null for one that nothing was written down of. */
export function shapeOf(path: string): Shape | null {
  const parts = partsOf(path).map((part) => (isId(part) || /^\d+$/.test(part) ? '_' : part));
  return (ANSWERS as Record<string, Shape>)[`/${parts.join('/')}`] ?? null;
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

/** @param home the cohort that it stands in */
function left(value: unknown, shape: Shape, judge: Judge, home: string | null): unknown {
  if (Array.isArray(value)) {
    const some = value.map((one) => left(one, shape, judge, home));
    const rest = some.filter((one) => one !== null);
    return rest.length < value.length || some.some((one, i) => one !== value[i]) ? rest : value;
  }
  if (value === null || value === undefined) return value;
  const row = (typeof value === 'object' ? value : {}) as Record<string, unknown>;
  if (!all(refsOf(row, shape, home), judge)) return null;
  if (typeof value !== 'object') return value;
  let rest = row;
  for (const [field, inner] of Object.entries(shape.holds ?? {})) {
    const now = left(row[field], inner, judge, cohortOf(row) ?? home);
    if (now === row[field]) continue;
    if (now === null && typeof row[field] === 'object') return null;
    rest = { ...rest, [field]: now };
  }
  return rest;
}

const cohortOf = ({ cohort_id }: Record<string, unknown>) => (isId(cohort_id) ? cohort_id : null);

/** What this row itself stands for. */
function refsOf(row: Record<string, unknown>, shape: Shape, home: string | null): Ref[] {
  const { id } = row;
  const refs: Ref[] = [];
  if (shape.thing && isId(id)) {
    if (shape.thing === 'member') refs.push(`member/${home}/${id}`);
    // Our own questions are nobody's.
    else if (shape.thing !== 'prompt' || row.by) refs.push(`${shape.thing}/${id}`);
  }
  const cohort = cohortOf(row) ?? home;
  const isMine = row.mine === true || row.is_mine === true;
  if (shape.isCohorts && cohort && !isMine) refs.push(`cohort/${cohort}`);
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
