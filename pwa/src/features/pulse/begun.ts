/** An answer that is begun and not kept yet. */
import type { CheckInAnswerIn, CheckInWord } from '../../api/shapes';
import { session } from '../../store/session.svelte';

/** `signed`: null until it was chosen; only then is there a line to write. */
export type Begun = Omit<CheckInAnswerIn, 'word' | 'signed'> & {
  word: CheckInWord | null;
  signed: boolean | null;
};

/** The name of its draft. */
export const begunKey = (checkInId: string): string => `check-in/${checkInId}`;

export const noteOf = ({ note }: Begun): string => note;

interface Brought {
  checkInId: string;
  word: CheckInWord;
}

let brought: Brought | null = null;

/** A word chosen on Today, on its way to where one says more: in memory, as an address stays in the history. */
export function bring(checkInId: string, word: CheckInWord | null): void {
  brought = word && { checkInId, word };
}

/** The word that was brought, once. */
export function takeBrought(): Brought | null {
  const taken = brought;
  brought = null;
  return taken;
}

session.onLeave(() => (brought = null));
