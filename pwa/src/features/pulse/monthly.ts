/** Once a month a question for me alone: reckoned on the phone, and told to nobody. */
import type { Commitment, PromptOut } from '../../api/shapes';

/** From this day of a month on. */
const FROM_DAY = 15;

/** The month that it would be remembered by; null while it is too early in it. */
export function monthToAsk(now = new Date()): string | null {
  if (now.getDate() < FROM_DAY) return null;
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}`;
}

/** Each commitment in turn, month by month. */
export function inTurn<T extends Pick<Commitment, 'place'>>(
  commitments: readonly T[],
  now = new Date(),
): T | null {
  const there = commitments.toSorted((a, b) => a.place - b.place);
  return there[(now.getFullYear() * 12 + now.getMonth()) % there.length] ?? null;
}

/** Stands above the box as any question does. It has no id: no reflection ever says that it answers it. */
export function privateQuestion(text: string): PromptOut {
  return {
    id: '',
    text,
    areas: [],
    depth: 'gentle',
    cohort_id: null,
    by: null,
    is_mine: false,
    version: 0,
  };
}
