/** Pulses in the order of the contract: what we live by now, and what we lived by before. */
import type { Commitment, CommitmentPulse } from '../../api/shapes';

export interface InOrder {
  now: CommitmentPulse[];
  before: CommitmentPulse[];
}

/** `commitments`: null while the contract is not known here; then nothing is called gone. */
export function feltOf(
  felt: readonly CommitmentPulse[],
  commitments: readonly Commitment[] | null,
): InOrder {
  if (!commitments) return { now: [...felt], before: [] };
  const pulsesOf = new Map(felt.map(({ commitment, pulses }) => [commitment.id, pulses]));
  const there = new Set(commitments.map(({ id }) => id));
  return {
    now: commitments
      .toSorted((a, b) => a.place - b.place)
      .map(({ id, text }) => ({ commitment: { id, text }, pulses: pulsesOf.get(id) ?? [] })),
    before: felt.filter(({ commitment }) => !there.has(commitment.id)),
  };
}
