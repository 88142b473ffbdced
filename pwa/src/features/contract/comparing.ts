/** What lies between two versions of a contract, commitment by commitment. */
import type { Commitment } from '../../api/shapes';
import type { Wording } from '../proposals/laid-over';

export interface Compared {
  id: string;
  kind: 'same' | 'reworded' | 'added' | 'retired';
  before: Wording | null;
  after: Wording | null;
}

/** In the order of `after`; what was retired stands where it stood. */
export function compared(before: readonly Commitment[], after: readonly Commitment[]): Compared[] {
  const was = new Map(before.map((one) => [one.id, one]));
  const is = new Set(after.map(({ id }) => id));
  const all: Compared[] = after.map((now) => {
    const then = was.get(now.id);
    return {
      id: now.id,
      kind: then ? kindOf(then, now) : 'added',
      before: then ?? null,
      after: now,
    };
  });
  before.forEach((one, index) => {
    if (is.has(one.id)) return;
    const neighbour = before[index - 1]?.id;
    const place = all.findIndex(({ id }) => id === neighbour) + 1;
    all.splice(place, 0, { id: one.id, kind: 'retired', before: one, after: null });
  });
  return all;
}

const kindOf = (then: Wording, now: Wording): 'same' | 'reworded' =>
  then.text === now.text && then.why === now.why ? 'same' : 'reworded';

/** "2-5", as it stands in the address: the numbers of two versions, the earlier first. */
export function pairFrom(words: string | null): [number, number] | null {
  const [, one, other] = words?.match(/^(\d{1,6})-(\d{1,6})$/) ?? [];
  if (!one || !other) return null;
  return [Math.min(Number(one), Number(other)), Math.max(Number(one), Number(other))];
}
