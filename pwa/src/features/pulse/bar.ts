/**
 * The stacked bar of one pulse. Its widths come from the numbers that are told and from nothing else:
 * who measures it learns no more than who reads it.
 */
import type { CheckInWord } from '../../api/shapes';
import { inOrder, type Told } from './words';

export interface Segment {
  word: CheckInWord;
  /** one_or_two is a mark, always as large; several and some are all as wide. */
  kind: Exclude<Told['amount'], 'none' | 'untold'>;
  number: number | null;
  /** In per cent of the bar. */
  from: number;
  width: number;
}

export const MARK = 7;
export const GAP = 1;

function weightOf({ amount, number }: Pick<Told, 'amount' | 'number'>): number {
  return amount === 'one_or_two' || amount === 'none' ? 0 : (number ?? 1);
}

export function bar(told: readonly Told[]): Segment[] {
  const chosen = inOrder(told).filter(({ amount }) => amount !== 'none' && amount !== 'untold');
  const marks = chosen.filter(({ amount }) => amount === 'one_or_two').length;
  const sum = chosen.reduce((so, one) => so + weightOf(one), 0);
  const room = 100 - marks * MARK - GAP * (chosen.length - 1);
  let from = 0;
  return chosen.map(({ word, amount, number }) => {
    const width = amount === 'one_or_two' ? MARK : (room * weightOf({ amount, number })) / sum;
    const segment: Segment = {
      word,
      kind: amount as Segment['kind'],
      number: amount === 'number' ? number : null,
      from,
      width,
    };
    from += width + GAP;
    return segment;
  });
}
