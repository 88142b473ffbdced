/** How a contract travels: proposals, remarks and reviews with ids of the phone's own; positions and check-ins as they are last. */
import type {
  CheckInAnswerIn,
  CheckInOut,
  PositionIn,
  ProposalIn,
  ProposalOut,
  RemarkIn,
  RemarkOut,
  ReviewIn,
  ReviewOut,
} from '../api/shapes';
import { PROPOSAL, REMARK, REVIEW } from './copies';
import type { ContractKind } from './database';
import type { Sender } from './senders';

const proposals: Sender<ProposalOut, ProposalIn, ProposalOut> = {
  method: 'PUT',
  unsentAs: 'proposals',
  holds: PROPOSAL,
  listedBy: [],
  path: (id) => `/api/proposals/${id}`,
  body: ({ cohort_id, kind, commitment_id, text, why, closes_at, wanted_answers }) => ({
    cohort_id,
    kind,
    // what is added has no commitment until it is adopted
    commitment_id: kind === 'add' ? null : commitment_id,
    text,
    why,
    // empty while it is only on this phone: a week from when the server hears of it
    closes_at: closes_at || null,
    wanted_answers: kind === 'decide' ? wanted_answers : null,
  }),
  kept: (out) => out,
  essence: ({ kind, text, why, wanted_answers }) => [
    kind,
    text.trim(),
    why.trim(),
    wanted_answers ?? null,
  ],
  isAnswerFor: (out, id) => out.id === id && out.mine,
};

const positions: Sender<PositionIn, PositionIn, ProposalOut> = {
  method: 'PUT',
  unsentAs: 'positions',
  holds: null,
  listedBy: null,
  isUnconditional: true,
  path: (id) => `/api/proposals/${id}/position`,
  body: (value) => value,
  kept: ({ my_position, text_version }) => ({
    position: my_position!.position,
    text: my_position!.text,
    safe_if: my_position!.safe_if,
    text_version,
  }),
  essence: ({ position, text, safe_if, text_version }) => [
    position,
    text.trim(),
    safe_if.trim(),
    text_version,
  ],
  isAnswerFor: (out, id) => out.id === id && out.my_position !== null,
};

const remarks: Sender<RemarkOut, RemarkIn, RemarkOut> = {
  method: 'PUT',
  unsentAs: 'remarks',
  holds: REMARK,
  listedBy: ['proposal_id'],
  path: (id) => `/api/remarks/${id}`,
  body: ({ proposal_id, kind, text }) => ({ proposal_id, kind, text }),
  kept: (out) => out,
  essence: ({ proposal_id, kind, text }) => [proposal_id, kind, text.trim()],
  isAnswerFor: (out, id) => out.id === id && out.mine,
};

const reviews: Sender<ReviewOut, ReviewIn, ReviewOut> = {
  method: 'PUT',
  unsentAs: 'reviews',
  holds: REVIEW,
  listedBy: ['cohort_id'],
  path: (id) => `/api/contract-reviews/${id}`,
  body: ({ cohort_id, text }) => ({ cohort_id, text }),
  kept: (out) => out,
  essence: ({ cohort_id, text }) => [cohort_id, text.trim()],
  isAnswerFor: (out, id, personId) => out.id === id && out.by?.id === personId,
};

/** My answer stays mine on this phone; once a check-in has closed, the server no longer knows whose it was. */
const checkInAnswers: Sender<CheckInAnswerIn, CheckInAnswerIn, CheckInOut> = {
  method: 'PUT',
  unsentAs: 'checkIns',
  holds: null,
  listedBy: null,
  isUnconditional: true,
  path: (id) => `/api/check-ins/${id}/answer`,
  body: (value) => value,
  kept: (out) => out.my_answer!,
  essence: ({ word, note, signed, wants_to_talk }) => [word, note.trim(), signed, wants_to_talk],
  isAnswerFor: (out, id) => out.id === id && out.my_answer !== null,
};

// eslint-disable-next-line -- each sender is only ever given items of its own kind
export const contractSenders: Record<ContractKind, Sender<any, any, any>> = {
  proposals,
  positions,
  remarks,
  reviews,
  check_in_answers: checkInAnswers,
};
