import type { NoticeKind } from '../../api/shapes';

/** Of what one may hear: a kind that is missing here does not compile. */
const ALL = {
  shared: true,
  response: true,
  feedback: true,
  joined: true,
  contract: true,
  check_in: true,
  own_data: true,
  prompt: true,
  reminder: true,
} satisfies Record<NoticeKind, true>;

export const KINDS = Object.keys(ALL) as NoticeKind[];
