/** One question to the server on its way, or about to be: what it asks about, and who wants to hear which of it. */
import type { Answer } from '../api/client';
import type { ApiPath, Refusal } from '../api/shapes';
import type { ResourceRow } from './database';
import type { SignedIn } from './device';
import type { heldWhole } from './letting-go';
import { answerFor, type Heard, type Known } from './synced';

/** One as the server gives it. */
const ETAG = /^"[!#-~]*"$/;

/** In characters. */
const LARGE = 8_000;

/** It is not there, or not for me to see (any more): what was taken back must not linger on the phones of others. */
const NOT_FOR_ME = new Set([403, 404, 410]);

export type Told<T> = Answer<T> | { kind: 'gone'; refusal: Refusal };
/** Told of the answer, when it was asked for (ms), and under which mark. */
export type Take<T> = (told: Told<T>, askedAt: number, mark?: string | null) => unknown;

export interface Wanted {
  path: ApiPath;
  etag: string | null;
  take: (answer: Answer<any>, askedAt: number, mark?: string | null) => unknown;
  settle: (taken: Promise<unknown>) => void;
}

export type Held = NonNullable<Awaited<ReturnType<typeof heldWhole>>>;

/** One that is asked, or about to be. */
export interface Question {
  /** Why it is asked, besides what is wanted. */
  due: Due;
  known: Map<string, Known>;
  rows: Rows;
  /** Who wants to hear which of it. */
  askers: Map<string, Wanted[]>;
  /** Of what is held here, what goes with it; `apart`: by itself, `no`: not this time. */
  held: Held | 'apart' | 'no';
  isLarge: boolean;
  /** All that was due goes with it. */
  isWhole: boolean;
  /** What was let go of here while it was on its way: its answer may hold it still. */
  letGo: Set<string>;
  /** Something was done on this phone while it was on its way. */
  isOvertaken: boolean;
  /** How much this tab had done when it was put together. */
  actsBefore: number;
  /** In whose name it is asked. */
  who: SignedIn;
}

export type Due = 'no' | 'all' | 'rest';
export type Rows = Map<string, ResourceRow | undefined>;

/** One that asks about nothing yet. */
export const aQuestion = (rows: Rows, actsBefore: number, who: SignedIn): Question => ({
  due: 'no',
  known: new Map(),
  rows,
  askers: new Map(),
  held: 'no',
  isLarge: false,
  isWhole: false,
  letGo: new Set(),
  isOvertaken: false,
  actsBefore,
  who,
});

/** They are answered, or asked for again: the question has none any more. */
export const askersIn = ({ askers }: Question): Wanted[] =>
  [...askers.values()].flatMap((some) => some.splice(0));

export function knownOf({ path, etag }: Pick<ResourceRow, 'path' | 'etag'>, rows: Rows): Known {
  const row = rows.get(path);
  const mark = (etag && row?.etag === etag && row.mark) || null;
  // What a proxy made of one (`W/…`) is asked for whole.
  return { path, etag: etag && ETAG.test(etag) ? etag : null, mark };
}

/** It keeps a thin line busy for long: it goes behind what the screen wants. */
export const isALot = (asked: unknown): boolean => JSON.stringify(asked).length > LARGE;

/** To be asked about; where nobody has wanted one, it is put away for whoever will. */
export function add({ known, askers }: Question, some: ReadonlyMap<string, Known>): void {
  for (const [path, one] of some) {
    known.set(path, one);
    if (!askers.has(path)) askers.set(path, []);
  }
}

/** The first of them, which are not large together: what a screen will want in a moment was looked at last. */
export function fitting(all: ReadonlyMap<string, Known>): Map<string, Known> {
  let length = 0;
  const isIn = (one: Known) => (length += JSON.stringify(one).length) <= LARGE;
  return new Map([...all].filter(([, one]) => isIn(one)));
}

type Refused = Extract<Answer<never>, { kind: 'refused' }>;
export const isGone = (answer: Answer<unknown>): answer is Refused =>
  answer.kind === 'refused' && NOT_FOR_ME.has(answer.status);

/** Null: it does not say anything to whoever wants this. */
export function give({ etag, take, settle }: Wanted, heard: Heard): Promise<unknown> | null {
  const answer = answerFor(heard, etag);
  if (!answer) return null;
  const taken = (async () => take(answer, heard.askedAt, heard.mark))();
  settle(taken);
  return taken;
}
