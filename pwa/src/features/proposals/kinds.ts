/** Proposals as they travel and are kept on the phone: with remarks by ids of the phone's own, positions as they are last. */
import type { PositionIn, ProposalIn, ProposalOut, RemarkIn, RemarkOut } from '../../api/shapes';
import { listOf, WITH_IT, type Answers, type Shape, type ShapeOf } from '../../store/copies';
import { plain, words, type Kind } from '../../store/kinds';

/** Others' words in it, its cohort's as well, are given up with the cohort, though the proposal is mine. */
const IN_IT: Shape = { isCohorts: true };
const REMARK = { thing: 'remark', isCohorts: true } satisfies ShapeOf<RemarkOut>;
export const PROPOSAL = {
  thing: 'proposal',
  isCohorts: true,
  holds: { before: IN_IT, my_position: WITH_IT, positions: IN_IT, remarks: REMARK },
} satisfies ShapeOf<ProposalOut>;

export const proposals: Kind<ProposalOut, ProposalIn, ProposalOut> = {
  method: 'PUT',
  unsentAs: 'proposals',
  holds: PROPOSAL,
  listedBy: [],
  path: (id) => `/api/proposals/${id}`,
  content: {
    // It stays in its cohort, and with its commitment.
    cohort_id: { sent: ({ cohort_id }) => cohort_id, same: null },
    kind: plain,
    commitment_id: {
      // What is added has no commitment until it is adopted.
      sent: ({ kind, commitment_id }) => (kind === 'add' ? null : commitment_id),
      same: null,
    },
    text: words,
    why: words,
    closes_at: {
      // Empty while it is only on this phone: a week from when the server hears of it.
      sent: ({ closes_at }) => closes_at || null,
      // Else the server says when.
      same: null,
    },
    wanted_answers: {
      sent: ({ kind, wanted_answers }) => (kind === 'decide' ? wanted_answers : null),
      same: plain,
    },
    starts_on: plain,
    ends_on: plain,
  },
  kept: (out) => out,
  isAnswerFor: (out, id) => out.id === id && out.mine,
};

export const positions: Kind<PositionIn, PositionIn, ProposalOut> = {
  method: 'PUT',
  unsentAs: 'positions',
  holds: null,
  listedBy: null,
  isUnconditional: true,
  path: (id) => `/api/proposals/${id}/position`,
  content: { position: plain, text: words, safe_if: words, text_version: plain },
  kept: ({ my_position, text_version }) => ({
    position: my_position!.position,
    text: my_position!.text,
    safe_if: my_position!.safe_if,
    text_version,
  }),
  isAnswerFor: (out, id) => out.id === id && out.my_position !== null,
};

export const remarks: Kind<RemarkOut, RemarkIn, RemarkOut> = {
  method: 'PUT',
  unsentAs: 'remarks',
  holds: REMARK,
  listedBy: ['proposal_id'],
  path: (id) => `/api/remarks/${id}`,
  content: { proposal_id: plain, kind: plain, text: words },
  kept: (out) => out,
  isAnswerFor: (out, id) => out.id === id && out.mine,
};

export const answers = {
  '/api/cohorts/_/proposals': listOf(PROPOSAL),
  '/api/proposals/_': PROPOSAL,
  '/api/proposals/_/remarks': listOf(REMARK),
} satisfies Answers;
