/**
 * A proposal as this phone shows it: what the server said last, with what I did since laid over it.
 * Pure, so that every mixture can be tried.
 */
import type { PersonRef, PositionIn, PositionOut, ProposalOut, RemarkOut } from '../../api/shapes';
import { standingOf, type KeptItem, type Standing } from '../../store/items';

/** Where I stand, as I left it on this phone. */
export interface MyPosition extends Standing {
  said: PositionIn;
}

export interface Remark extends RemarkOut, Standing {
  isBeingTakenBack: boolean;
}

/** A commitment in words: as it stands, stood, or as somebody suggests it. */
export interface Wording {
  text: string;
  why: string;
}

export interface Proposal extends Omit<ProposalOut, 'remarks'>, Standing {
  remarks: Remark[];
  answer: MyPosition | null;
  /** It never reached the server: nobody else has seen it. */
  isNew: boolean;
  isBeingWithdrawn: boolean;
  /** Words of mine that could not take the place of those that stand. */
  wish: Wording | null;
  /** After a conflict: what stands on the server. */
  theirs: ProposalOut | null;
}

/** What this phone holds of mine. */
export interface Kept {
  proposals: readonly KeptItem<ProposalOut>[];
  positions: readonly KeptItem<PositionIn>[];
  remarks: readonly KeptItem<RemarkOut>[];
}

export type ProposalsKind = keyof Kept;

export const NOTHING_KEPT: Kept = { proposals: [], positions: [], remarks: [] };

/** Null when neither the server nor this phone knows of it. */
export function laidOver(
  heard: ProposalOut | null,
  id: string,
  kept: Kept,
  me: PersonRef,
  now = Date.now(),
): Proposal | null {
  const item = kept.proposals.find((one) => one.id === id) ?? null;
  const out = heard ?? item?.value ?? null;
  if (!out) return null;
  const answer = answerOf(kept.positions.find((one) => one.id === id));
  const shown: Proposal = {
    ...out,
    ...standingOf(item),
    remarks: remarksOf(out, kept),
    answer,
    isNew: item?.row ? item.row.base === null && !heard : false,
    isBeingWithdrawn: item?.row?.intent === 'delete' && item.row.state === 'waiting',
    wish: null,
    theirs: item?.row?.state === 'conflict' ? (item.theirs ?? null) : null,
  };
  if (item) reworded(shown, item, me);
  if (answer) answered(shown, answer, me);
  shown.is_closing ||= shown.state === 'open' && Date.parse(shown.closes_at) <= now;
  return shown;
}

/** My own words in the place of those the server had: while they wait, and until its lists have them. */
function reworded(shown: Proposal, { value, row }: KeptItem<ProposalOut>, me: PersonRef): void {
  const { text, why, closes_at, wanted_answers = null, starts_on = null, ends_on = null } = value;
  const isSameRule = wanted_answers === (shown.wanted_answers ?? null);
  const areSameDates =
    starts_on === (shown.starts_on ?? null) && ends_on === (shown.ends_on ?? null);
  if (!row) {
    if (value.version >= shown.version) Object.assign(shown, value, { remarks: shown.remarks });
  } else if (row.intent === 'delete') {
    return;
  } else if (row.state !== 'waiting') {
    shown.wish = { text, why };
  } else if (text === shown.text && why === shown.why && isSameRule && areSameDates) {
    Object.assign(shown, { closes_at });
  } else {
    // Everybody's answer is open again; mine goes with my words, and an objection stands until its
    // author answers anew.
    const positions = (shown.positions ?? [])
      .filter(({ person, position }) => person?.id === me.id || position === 'object')
      .map((one) => ({ ...one, is_current: one.person?.id === me.id }));
    const text_version = shown.text_version + 1;
    const words = { text, why, closes_at, wanted_answers, starts_on, ends_on };
    Object.assign(shown, words, { text_version, positions, answered: 1, unnamed: 0 });
  }
}

/** My answer among the others', as soon as it is given. One that cannot be sent counts for nothing. */
function answered(shown: Proposal, { said, sending }: MyPosition, me: PersonRef): void {
  if (shown.state !== 'open' || sending === 'parked' || sending === 'conflict') return;
  const before = shown.my_position;
  const { position, text, safe_if, text_version } = said;
  const mine: PositionOut = {
    person: me,
    position,
    text,
    safe_if,
    is_current: text_version === shown.text_version,
    answered_at: before?.answered_at ?? new Date().toISOString(),
  };
  if (sending === 'safe' && before && !mine.is_current) return;
  shown.my_position = mine;
  if (mine.is_current && !before?.is_current) shown.answered += 1;
  if (shown.positions)
    shown.positions = [...shown.positions.filter(({ person }) => person?.id !== me.id), mine];
}

function remarksOf(out: ProposalOut, kept: Kept): Remark[] {
  const mine = new Map(
    kept.remarks.filter(({ value }) => value.proposal_id === out.id).map((one) => [one.id, one]),
  );
  const listed = out.remarks.map((remark) => remarkOf(remark, mine.get(remark.id)));
  const known = new Set(out.remarks.map(({ id }) => id));
  const fresh = [...mine.values()]
    .filter(({ id }) => !known.has(id))
    .map((item) => remarkOf(item.value, item));
  return [...listed, ...fresh].filter(
    ({ isBeingTakenBack, sending }) => !isBeingTakenBack || sending !== 'waiting',
  );
}

function remarkOf(remark: RemarkOut, item?: KeptItem<RemarkOut>): Remark {
  return {
    ...remark,
    ...standingOf(item ?? null),
    isBeingTakenBack: item?.row?.intent === 'delete',
  };
}

export function answerOf(item?: KeptItem<PositionIn>): MyPosition | null {
  return item ? { said: item.value, ...standingOf(item) } : null;
}

/** Objections that stand, also to earlier words: while one does, it goes back when it closes. */
export function objectionsTo({ positions }: Pick<ProposalOut, 'positions'>): PositionOut[] {
  return (positions ?? []).filter(({ position }) => position === 'object');
}

type Answers = Pick<ProposalOut, 'answered' | 'needed' | 'positions'>;

/** How far the answers go. Whoever has not answered is not told whether anybody objects: then it is enough only `if-clear`. */
export function howFar(proposal: Answers): 'none' | 'some' | 'objected' | 'enough' | 'if-clear' {
  const { answered, needed, positions } = proposal;
  if (answered === 0) return 'none';
  if (objectionsTo(proposal).length) return 'objected';
  if (answered < needed) return 'some';
  return positions ? 'enough' : 'if-clear';
}

/** Open, and neither mine nor answered as it is worded now. */
export function isForMe(proposal: Proposal): boolean {
  const { state, is_closing, mine, my_position, answer } = proposal;
  if (state !== 'open' || is_closing || mine) return false;
  return !my_position?.is_current || answer?.sending === 'parked';
}

export const newestFirst = (a: ProposalOut, b: ProposalOut): number =>
  Date.parse(b.created_at) - Date.parse(a.created_at) || (b.id < a.id ? -1 : Number(b.id > a.id));

/** The proposals that something is about which the server has of mine. */
export function settledOf({ proposals, positions, remarks }: Kept): string[] {
  const idle = <T extends { row: unknown }>(items: readonly T[]) => items.filter(({ row }) => !row);
  return [
    ...idle(proposals).map(({ id }) => id),
    ...idle(positions).map(({ id }) => id),
    ...idle(remarks).map(({ value }) => value.proposal_id),
  ];
}

/** Proposals about which something of mine could not be sent: they have changed, or are decided. */
export function parkedOf({ proposals, positions, remarks }: Kept): string[] {
  return [
    ...proposals.filter(({ row }) => row?.state === 'parked').map(({ id }) => id),
    ...positions.filter(({ row }) => row?.state === 'parked').map(({ id }) => id),
    ...remarks.filter(({ row }) => row?.state === 'parked').map(({ value }) => value.proposal_id),
  ];
}
