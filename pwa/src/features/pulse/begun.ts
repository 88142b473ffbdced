/** An answer that is begun and not kept yet. */
import type { CheckInAnswerIn, CheckInWord } from '../../api/shapes';

/** `signed`: null until it was chosen; only then is there a line to write. */
export type Begun = Omit<CheckInAnswerIn, 'word' | 'signed'> & {
  word: CheckInWord | null;
  signed: boolean | null;
};

/** The name of its draft. */
export const begunKey = (checkInId: string): string => `check-in/${checkInId}`;
