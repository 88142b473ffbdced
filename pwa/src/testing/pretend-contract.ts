/** For tests: a contract and what belongs to it, as the server tells of them. */
import type {
  Commitment,
  ContractOut,
  ContractVersion,
  ProposalOut,
  ReviewOut,
} from '../api/shapes';
import { OTHER } from './pretend-server';
import { someProposal } from './some-proposal';

export const ROWAN = 'rowan';

export function aCommitment(id: string, text: string, why = ''): Commitment {
  return { id, text, why, place: 0 };
}

export function aContract(change: Partial<ContractOut> = {}): ContractOut {
  return {
    cohort_id: ROWAN,
    version: 1,
    made_at: '2026-11-17T09:00:00Z',
    commitments: [aCommitment('c1', 'We listen before we speak.', 'Nobody is heard in a hurry.')],
    members: 14,
    answers_needed: null,
    needed: 7,
    review_on: '2027-01-12',
    check_in_every_weeks: 2,
    reviews: [],
    earlier_reviews: null,
    ...change,
  };
}

export function aReview(change: Partial<ReviewOut> = {}): ReviewOut {
  return {
    id: 'r1',
    cohort_id: ROWAN,
    by: OTHER,
    text: 'Can we say something about silence?',
    opened_at: '2026-11-20T09:00:00Z',
    version: 1,
    ended_at: null,
    ended_by: null,
    reopened_at: null,
    ...change,
  };
}

export function aVersion(number: number, change: Partial<ContractVersion['change']> = {}) {
  return {
    number,
    made_at: `2026-11-1${number}T09:00:00Z`,
    change: {
      proposal_id: `p${number}`,
      kind: 'add' as const,
      text: 'We listen before we speak.',
      why: 'I was not heard.',
      proposer: OTHER,
      at_gathering: false,
      ...change,
    },
  };
}

export function aProposal(change: Partial<ProposalOut> = {}): ProposalOut {
  const added = { kind: 'add', commitment_id: null, before: null } as const;
  const text = 'We begin with a breath.';
  const counted = { answered: 4, needed: 7, members: 14 };
  return someProposal({ id: 'p1', ...added, text, why: '', ...counted, ...change });
}
