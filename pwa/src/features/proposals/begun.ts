/** What I begin, as it stands on this phone before the server has it. */
import type {
  Commitment,
  PersonRef,
  ProposalKind,
  ProposalOut,
  RemarkKind,
  RemarkOut,
} from '../../api/shapes';

/** A week, and the hour by which clocks are put back. */
const A_WEEK = 169 * 3_600_000;

/** The names of drafts: of a change of a suggestion, of where I stand on it, of a remark. */
export const changeKey = (id: string): string => `proposals/change/${id}`;
export const positionKey = (id: string): string => `proposals/position/${id}`;
export const remarkKey = (id: string, kind: RemarkKind): string => `proposals/${kind}/${id}`;

/** A change that I suggest. `closes_at` is empty for a week from when the server hears of it. */
export interface Suggestion {
  kind: ProposalKind;
  commitment: Commitment | null;
  text: string;
  why: string;
  closes_at: string;
  /** Of a change of how we decide: how many answers; null is half of us. */
  wanted_answers?: number | null;
  /** Of other dates: as they would be; null is none. */
  starts_on?: string | null;
  ends_on?: string | null;
}

export function suggested(
  { kind, commitment, text, why, closes_at, ...rest }: Suggestion,
  cohort_id: string,
  id: string,
  me: PersonRef,
): ProposalOut {
  const now = new Date().toISOString();
  const { wanted_answers = null, starts_on = null, ends_on = null } = rest;
  const changed = kind === 'reword' || kind === 'retire' ? commitment : null;
  return {
    id,
    cohort_id,
    kind,
    commitment_id: changed?.id ?? null,
    before: changed?.text ?? null,
    text: kind === 'retire' ? '' : text.trim(),
    why: why.trim(),
    proposer: me,
    mine: true,
    state: 'open',
    is_closing: false,
    base_version: 0,
    text_version: 1,
    version: 0,
    created_at: now,
    changed_at: now,
    closes_at,
    closed_at: null,
    at_gathering: false,
    adopted_as: null,
    answers_needed: null,
    wanted_answers,
    starts_on,
    ends_on,
    started_on: null,
    ended_on: null,
    answered: 1,
    needed: 0,
    members: 0,
    unnamed: null,
    can_decide_now: false,
    my_position: {
      person: me,
      position: 'consent',
      text: '',
      safe_if: '',
      is_current: true,
      answered_at: now,
    },
    positions: null,
    remarks: [],
    earlier_remarks: null,
  };
}

/** When a suggestion that is not sent yet will close at the earliest. */
export const closesAt = ({ closes_at, created_at }: ProposalOut): string =>
  closes_at || new Date(Date.parse(created_at) + A_WEEK).toISOString();

export function remarked(
  proposal_id: string,
  kind: RemarkKind,
  text: string,
  id: string,
  me: PersonRef,
): RemarkOut {
  return {
    id,
    proposal_id,
    by: me,
    mine: true,
    kind,
    text: text.trim(),
    written_at: new Date().toISOString(),
    version: 0,
  };
}
