/** Notices as they are kept on the phone, and how it travels that some were seen. */
import type { ReadIn } from '../../api/shapes';
import { listOf, type Answers } from '../../store/copies';
import { plain, type Kind } from '../../store/kinds';

/** Notices that were seen together. */
export interface Reads {
  id: string;
  ids: string[];
}

export const reads: Kind<Reads, ReadIn, undefined> = {
  method: 'POST',
  unsentAs: null,
  holds: null,
  listedBy: null,
  isUnconditional: true,
  leavesNothing: true,
  path: () => '/api/notices/read',
  content: { ids: plain },
  kept: () => ({ id: '', ids: [] }),
  isAnswerFor: () => true,
};

export const answers = {
  '/api/notices': listOf({ thing: 'notice', holds: { about: { isCohorts: true } } }),
  '/api/notices/waiting': { holds: { newest: { thing: 'notice' } } },
} satisfies Answers;
