/** For tests: a proposal as the server tells of it. */
import type { PositionOut, ProposalOut, RemarkOut } from '../api/shapes';
import { ME, OTHER } from './pretend-server';

export const CLEO = { id: '0192cccc-0000-7000-8000-000000000003', name: 'Cleo' };

export function someProposal(change: Partial<ProposalOut> = {}): ProposalOut {
  return {
    id: 'one',
    cohort_id: 'rowan',
    kind: 'reword',
    commitment_id: 'listening',
    before: 'We listen.',
    text: 'We listen to the end.',
    why: 'We interrupt each other.',
    proposer: OTHER,
    mine: false,
    state: 'open',
    is_closing: false,
    base_version: 1,
    text_version: 1,
    version: 1,
    created_at: '2026-11-20T10:00:00Z',
    changed_at: '2026-11-20T10:00:00Z',
    closes_at: '2099-01-01T00:00:00Z',
    closed_at: null,
    at_gathering: false,
    adopted_as: null,
    answers_needed: null,
    wanted_answers: null,
    starts_on: null,
    ends_on: null,
    started_on: null,
    ended_on: null,
    unnamed: null,
    can_decide_now: false,
    answered: 1,
    needed: 3,
    members: 5,
    my_position: null,
    positions: null,
    remarks: [],
    earlier_remarks: null,
    ...change,
  };
}

export function somePosition(change: Partial<PositionOut> = {}): PositionOut {
  return {
    person: ME,
    position: 'consent',
    text: '',
    safe_if: '',
    is_current: true,
    answered_at: '2026-11-21T10:00:00Z',
    ...change,
  };
}

export function someRemark(change: Partial<RemarkOut> = {}): RemarkOut {
  return {
    id: 'remark',
    proposal_id: 'one',
    by: CLEO,
    mine: false,
    kind: 'wording',
    text: 'We listen until somebody has finished.',
    written_at: '2026-11-21T09:00:00Z',
    version: 1,
    ...change,
  };
}
