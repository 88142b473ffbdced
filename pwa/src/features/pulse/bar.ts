/**
 * The stacked bar of one pulse. Its widths come from the numbers that are told and from nothing else:
 * who measures it learns no more than who reads it.
 */
import type { CheckInWord } from '../../api/shapes';
import { inOrder, type Told } from './words';

export interface Piece {
  word: CheckInWord;
  /** mark: one or two, always as large. */
  kind: 'number' | 'mark' | 'everyone';
  number: number | null;
  /** In per cent of the bar. */
  from: number;
  width: number;
}

export const MARK = 7;
export const GAP = 1;

export function bar(told: readonly Told[]): Piece[] {
  const chosen = inOrder(told).filter(({ amount }) => amount !== 'none');
  const marks = chosen.filter(({ amount }) => amount === 'one_or_two').length;
  const sum = chosen.reduce((so, { number }) => so + (number ?? 0), 0);
  const room = 100 - marks * MARK - GAP * (chosen.length - 1);
  let from = 0;
  return chosen.map(({ word, amount, number }) => {
    const width =
      amount === 'everyone' ? 100 : amount === 'number' ? (room * (number ?? 0)) / sum : MARK;
    const piece: Piece = {
      word,
      kind: amount === 'everyone' || amount === 'number' ? amount : 'mark',
      number: amount === 'number' ? number : null,
      from,
      width,
    };
    from += width + GAP;
    return piece;
  });
}
