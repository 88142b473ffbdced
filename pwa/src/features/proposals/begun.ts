/** What I begin, as it stands on this phone before the server has it. */
import type {
  Commitment,
  PersonRef,
  ProposalKind,
  ProposalOut,
  RemarkKind,
  RemarkOut,
} from '../../api/shapes';

const A_WEEK = 7 * 86_400_000;

/** A change that I suggest. `closes_at` is empty for a week from when the server hears of it. */
export interface Suggestion {
  kind: ProposalKind;
  commitment: Commitment | null;
  text: string;
  why: string;
  closes_at: string;
}

export function suggested(
  { kind, commitment, text, why, closes_at }: Suggestion,
  cohort_id: string,
  id: string,
  me: PersonRef,
): ProposalOut {
  const now = new Date().toISOString();
  const words = kind === 'retire' ? '' : text.trim();
  return {
    id,
    cohort_id,
    kind,
    commitment_id: kind === 'add' ? null : (commitment?.id ?? null),
    before: kind === 'add' ? null : (commitment?.text ?? null),
    text: words,
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
    answered: 1,
    needed: 0,
    members: 0,
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
