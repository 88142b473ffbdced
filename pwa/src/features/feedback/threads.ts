/**
 * What passes between two people, as this phone shows it: what the server listed last, with what I
 * did since laid over it. Pure, so that every mixture can be tried.
 */
import type { FeedbackOut, FeedbackRequestOut, PersonRef } from '../../api/shapes';
import { standingOf, type KeptItem, type Standing } from '../../store/items';
import { actOf, type Act, type AnswerWords, type OwnAnswer, type OwnAsk, type Step } from './kinds';

/** My answer as I left it on this phone. */
export interface MyAnswer extends Standing, AnswerWords {
  /** The same answer from another device of mine, after a conflict. */
  theirs?: AnswerWords | null;
  isBeingTakenBack: boolean;
}

/** Something I did that the server does not have yet. */
export interface Pending extends Standing {
  step: Step;
}

export interface Piece extends FeedbackOut {
  answer: MyAnswer | null;
  pending: Pending[];
}

/** A request with its pieces, or an offer with its one. */
export interface Thread extends Standing {
  id: string;
  isOffer: boolean;
  /** I asked, or I offered. */
  isMine: boolean;
  by: PersonRef;
  /** The question; of an offer, what it is about. */
  words: string;
  context: string;
  reflection_id: string | null;
  by_when: string | null;
  cohort_id: string | null;
  at: string;
  pieces: Piece[];
  /** My ask as another device of mine left it, after a conflict. */
  theirs?: OwnAsk | null;
  isBeingWithdrawn: boolean;
  /** It never left this phone: everything about it can still be changed. */
  isNew: boolean;
}

/** Words of mine that no thread holds any more: it was withdrawn while they waited here. */
export interface Orphan extends MyAnswer {
  id: string;
  to: PersonRef;
}

/** Everything the phone knows. Lists are null while they were never heard. */
export interface Known {
  asking: readonly FeedbackRequestOut[] | null;
  asked: readonly FeedbackRequestOut[] | null;
  offered: readonly FeedbackOut[] | null;
  requests: readonly KeptItem<OwnAsk>[];
  answers: readonly KeptItem<OwnAnswer>[];
  offers: readonly KeptItem<FeedbackOut>[];
  acts: readonly KeptItem<Act>[];
  /** Keys (kind/id) of what was taken back and is still in the lists. */
  undone: ReadonlySet<string>;
}

const WAITS = new Set<FeedbackOut['state']>(['asked', 'offered', 'welcomed']);

/** The other one of the two. */
export const otherPerson = (piece: Piece): PersonRef =>
  piece.i_am === 'giver' ? piece.receiver : piece.giver;

/** All threads, newest first, as they are at `now`. */
export function threadsOf(known: Known, now = Date.now()): Thread[] {
  const piece = (out: FeedbackOut): Piece => laidOver(out, known, now);
  const own = new Map(known.requests.map((item) => [item.id, item]));
  const listed = [...(known.asking ?? []), ...(known.asked ?? [])].filter(({ id }) => !own.has(id));
  const asks = [
    ...known.requests.map((item) => askOf(item.value, known, piece, item)),
    ...listed.map((out) => askOf(out, known, piece)),
  ];
  const mine = new Map(known.offers.map((item) => [item.id, item]));
  const offers = [
    ...known.offers.map((item) => offerOf(piece(item.value), item)),
    ...(known.offered ?? []).filter(({ id }) => !mine.has(id)).map((out) => offerOf(piece(out))),
  ].filter(({ id, isBeingWithdrawn }) => {
    return !isBeingWithdrawn && !known.undone.has(`feedback_offers/${id}`);
  });
  return [...asks.filter(({ pieces }) => pieces.length > 0), ...offers].toSorted(newestFirst);
}

/** My words whose thread is gone. */
export function orphansOf(known: Known, threads: readonly Thread[]): Orphan[] {
  const held = new Set(threads.map(({ id }) => id));
  return known.answers
    .filter((item) => item.row && !held.has(item.id) && !isLeaving(item))
    .map((item) => ({ id: item.id, to: item.value.to, ...answerOf(item) }));
}

function askOf(
  out: FeedbackRequestOut,
  known: Known,
  piece: (out: FeedbackOut) => Piece,
  item?: KeptItem<OwnAsk>,
): Thread {
  const isBeingWithdrawn = isLeaving(item);
  const isWithdrawn = isBeingWithdrawn || known.undone.has(`feedback_requests/${out.id}`);
  const pieces = out.feedback
    .map(piece)
    .filter(({ state }) => !isWithdrawn || (state !== 'asked' && state !== 'declined'))
    // Of an ask that its asker withdrew only my own words are left.
    .filter(({ state, answered_at }) => state !== 'withdrawn' || answered_at);
  return {
    id: out.id,
    isOffer: false,
    isMine: out.mine,
    by: out.asker,
    words: out.question,
    context: out.context,
    reflection_id: out.reflection_id,
    by_when: out.by_when,
    cohort_id: out.cohort_id,
    at: out.created_at,
    pieces,
    ...standingOf(item),
    ...(item?.row?.state === 'conflict' ? { theirs: item.theirs ?? null } : {}),
    isBeingWithdrawn,
    isNew: isNew(item),
  };
}

function offerOf(piece: Piece, item?: KeptItem<FeedbackOut>): Thread {
  return {
    id: piece.id,
    isOffer: true,
    isMine: piece.i_am === 'giver',
    by: piece.giver,
    words: piece.about,
    context: '',
    reflection_id: null,
    by_when: null,
    cohort_id: piece.cohort_id,
    at: piece.begun_at,
    pieces: [piece],
    ...standingOf(item),
    isBeingWithdrawn: isLeaving(item),
    isNew: isNew(item),
  };
}

/** It is to go, and the server has yet to be told. */
const isLeaving = (item?: KeptItem<unknown>): boolean =>
  item?.row?.intent === 'delete' && item.row.state === 'waiting';

const isNew = (item?: KeptItem<unknown>): boolean =>
  item?.row?.base === null && (item.row.state === 'parked' || item.row.attempted.length === 0);

/** A piece with my acts and my answer laid over what the server said of it. */
function laidOver(out: FeedbackOut, known: Known, now: number): Piece {
  const mine = known.acts
    .map((item) => ({ ...item, ...actOf(item.id) }))
    .filter(({ pieceId }) => pieceId === out.id);
  const done = mine
    .filter(({ row }) => !row)
    .toSorted((a, b) => (a.value.at ?? 0) - (b.value.at ?? 0));
  const newest = done.at(-1)?.value.after ?? out;
  const answer = known.answers.find(({ id }) => id === (out.request_id ?? out.id)) ?? null;
  const piece: Piece = {
    ...newest,
    answer: answer && answerOf(answer),
    pending: mine
      .filter(({ row }) => row)
      .map(({ step, row }) => ({ step, ...standingOf({ row } as never) })),
  };
  answered(piece, known);
  for (const { step, value, row } of mine) {
    if (row && row.state === 'waiting') Object.assign(piece, effectOf(step, value, piece));
  }
  piece.has_faded = WAITS.has(piece.state) && Date.parse(piece.fades_at) <= now;
  piece.is_fixed = isFixed(piece, now);
  return piece;
}

/** Whether an answer stays as it is: from then on it can be opened. The server's word counts, and this phone's clock. */
export function isFixed({ is_fixed, fixed_at }: FeedbackOut, now: number): boolean {
  return is_fixed || Boolean(fixed_at && Date.parse(fixed_at) <= now);
}

const NOT_SENT = { answered_at: null, fixed_at: null, is_fixed: false };

/** What my own answer, kept or taken back here, makes of the piece. */
function answered(piece: Piece, known: Known): void {
  const { answer } = piece;
  const key = `feedback_answers/${piece.request_id ?? piece.id}`;
  const isWithdrawn = piece.state === 'withdrawn';
  const before = isWithdrawn ? piece.state : piece.request_id ? 'asked' : 'welcomed';
  if (known.undone.has(key) || (answer?.isBeingTakenBack && answer.sending === 'waiting')) {
    if (piece.state === 'answered' || isWithdrawn)
      Object.assign(piece, { state: before, noticed: '', landed: '', wonder: '', ...NOT_SENT });
    piece.answer = null;
  } else if (answer && answer.sending !== 'parked' && answer.sending !== 'conflict') {
    const { noticed, landed, wonder } = answer;
    const state = piece.state === 'thanked' || isWithdrawn ? piece.state : 'answered';
    Object.assign(piece, { noticed, landed, wonder, state });
  }
}

function effectOf(step: Step, { body }: Act, piece: Piece): Partial<Piece> {
  switch (step) {
    case 'decline':
      return { state: 'declined', declined_how: body.how as Piece['declined_how'] };
    case 'welcome':
      return { state: 'welcomed' };
    case 'reminder':
      return { was_reminded: true };
    case 'thanks':
      return {
        state: 'thanked',
        thanks: body.text as string,
        heard: body.heard as string,
        wants_to_talk: body.wants_to_talk as boolean,
      };
    case 'passing-on':
      return piece.i_am === 'giver'
        ? { giver_passes_on: body.agrees as boolean }
        : { receiver_passes_on: body.agrees as boolean };
    default:
      return {};
  }
}

function answerOf({ value, row, theirs }: KeptItem<OwnAnswer>): MyAnswer {
  const { noticed, landed, wonder } = value;
  return {
    noticed,
    landed,
    wonder,
    ...standingOf({ row } as never),
    ...(row?.state === 'conflict' ? { theirs: theirs ?? null } : {}),
    isBeingTakenBack: row?.intent === 'delete',
  };
}

const newestFirst = (a: Thread, b: Thread): number =>
  Date.parse(b.at) - Date.parse(a.at) || (b.id < a.id ? -1 : Number(b.id > a.id));

/** Where something stands for me, which decides under which heading it is listed. */
export type Place = 'answer' | 'open' | 'received' | 'with_others' | 'given' | 'faded';

/** What stands in a list: a piece, and the thread it belongs to. */
export interface Entry {
  thread: Thread;
  piece: Piece;
}

export function placeOf({ state, i_am, has_faded, answer, pending }: Piece): Place {
  const isGiver = i_am === 'giver';
  const needsMe =
    answer?.sending === 'parked' ||
    answer?.sending === 'conflict' ||
    pending.some(({ sending }) => sending === 'parked');
  if (isGiver && needsMe) return 'answer';
  if (state === 'asked' || state === 'welcomed')
    return has_faded ? 'faded' : isGiver ? 'answer' : 'with_others';
  if (state === 'offered') return has_faded ? 'faded' : isGiver ? 'given' : 'answer';
  if (isGiver) return 'given';
  return state === 'answered' ? 'open' : 'received';
}

/** Every piece under its heading. */
export function placed(threads: readonly Thread[]): Record<Place, Entry[]> {
  const places: Record<Place, Entry[]> = {
    answer: [],
    open: [],
    received: [],
    with_others: [],
    given: [],
    faded: [],
  };
  for (const thread of threads) {
    for (const piece of thread.pieces) places[placeOf(piece)].push({ thread, piece });
  }
  return places;
}
