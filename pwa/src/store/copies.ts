/**
 * What of others' an answer of the server holds: each feature writes down once what its own hold (`features/<name>/kinds.ts`),
 * so that the phone can ask about each and let go of it, wherever it stands. Pure.
 */
import type { components, paths } from '../api/schema';
import type { PersonRef } from '../api/shapes';
import type { Known } from './kinds';

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

/** What has an id says what it is, or that it is its cohort's: else it could never be let go of by itself. */
type Named<T> = T extends { id: string } ? { thing: Thing } | { isCohorts: true } : unknown;

/** The shape of such an answer: the compiler refuses one that leaves a field out which may hold words. */
export type ShapeOf<T> =
  | typeof WITH_IT
  | (Shape &
      ([Telling<T>] extends [never]
        ? Named<T>
        : Named<T> & { holds: { [F in Telling<T>]: ShapeOf<Bare<T[F]>> } }));

/** Nothing of it is taken back by itself: it goes with what it stands in. */
export const WITH_IT = {} as Shape & { readonly goesWithIt: true };

/** A list of these. */
export const listOf = <S extends Shape>(items: S) => ({ holds: { items } });

/** `/api/proposals/{proposal_id}` → `/api/proposals/_` */
type Blank<Path> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}_${Blank<After>}`
  : Path;
type Heard<Path> = Path extends {
  get: { responses: { 200: { content: { 'application/json': infer Answer } } } };
}
  ? Answer
  : never;
/** Answers that are kept, by their address without its query; an `_` stands for one id. */
export type Answers = { [Path in keyof paths as Blank<Path>]?: ShapeOf<Heard<paths[Path]>> };

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const isId = (part: unknown): part is string => typeof part === 'string' && ID.test(part);

/** How answers look, and what their addresses are about. */
type Looks = Pick<Known, 'answers' | 'about'>;

/** What this address is known to hold; null for one that nothing was written down of. */
export function shapeOf(path: string, { answers }: Pick<Known, 'answers'>): Shape | null {
  const parts = partsOf(path).map((part) => (isId(part) || /^\d+$/.test(part) ? '_' : part));
  return answers[`/${parts.join('/')}`] ?? null;
}

/** Everything that a kept answer holds. */
export function refsIn(known: Looks, path: string, value: unknown): Set<Ref> {
  return collected((judge) => kept(known, path, value, judge));
}

/** Everything that an item of mine holds; of one that is still to be sent only what is in it. */
export function refsInItem(value: unknown, shape: Shape, isUnsent: boolean): Set<Ref> {
  return collected((judge) => keptItem(value, shape, isUnsent, judge));
}

/** The thing that is asked for under this very address; null where that is a list, or not known. */
export function refAt(path: string, { about }: Pick<Known, 'about'>): Ref | null {
  const [, name = '', id, more] = partsOf(path);
  const thing = about[name];
  return thing && isId(id) && more === undefined ? `${thing}/${id}` : null;
}

/** What is left of an answer; null when all of it goes. What was not touched is the same object. */
export function kept(known: Looks, path: string, value: unknown, judge: Judge): unknown {
  const [, name = '', id] = partsOf(path);
  const about = isId(id) ? known.about[name] : undefined;
  if (about && !judge(`${about}/${id}`)) return null;
  return left(value, shapeOf(path, known) ?? {}, judge, about === 'cohort' ? id! : null);
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
