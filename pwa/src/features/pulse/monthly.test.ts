// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { Commitment, CommitmentPulse } from '../../api/shapes';
import { feltOf } from './felt';
import { inTurn, monthToAsk } from './monthly';
import { questionAbout } from './words';

const commitment = (id: string, place: number): Commitment => ({
  id,
  place,
  text: `We do ${id}.`,
  why: '',
});

describe('the question just for me', () => {
  it.each([
    [new Date(2026, 10, 14, 23, 59), null],
    [new Date(2026, 10, 15, 0, 0), '2026-11'],
    [new Date(2026, 10, 30), '2026-11'],
    [new Date(2027, 0, 1), null],
  ])('comes from the fifteenth on: %s', (now, month) => expect(monthToAsk(now)).toBe(month));

  it('takes each commitment in turn, in the order of the contract', () => {
    const all = [commitment('b', 2), commitment('a', 1), commitment('c', 3)];
    const turns = [0, 1, 2, 3].map((month) => inTurn(all, new Date(2026, month, 20))!.id);
    expect(new Set(turns.slice(0, 3))).toEqual(new Set(['a', 'b', 'c']));
    expect(turns[3]).toBe(turns[0]);
  });

  it('is about nothing where there is no contract', () => expect(inTurn([])).toBeNull());

  it('quotes without a full stop in the middle', () => {
    expect(questionAbout('We listen to the end. ')).toBe(
      'What did I do towards “We listen to the end”?',
    );
  });
});

describe('how it is felt', () => {
  const felt = (id: string): CommitmentPulse => ({
    commitment: { id, text: `An older wording of ${id}` },
    pulses: [],
  });

  it('stands in the order of the contract, in its wording, and keeps what was lived by before', () => {
    const { now, before } = feltOf(
      [felt('gone'), felt('a')],
      [commitment('b', 2), commitment('a', 1)],
    );
    expect(now.map((one) => one.commitment.text)).toEqual(['We do a.', 'We do b.']);
    expect(before.map((one) => one.commitment.id)).toEqual(['gone']);
  });

  it('calls nothing gone while the contract is not known', () => {
    expect(feltOf([felt('a')], null).before).toEqual([]);
  });
});
