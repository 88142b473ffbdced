/** A profile as its changes travel and as it is kept on the phone. */
import type { Me, MeChange } from '../../api/shapes';
import type { ProfileItem } from '../../store/items';
import type { Kind } from '../../store/kinds';

export const profile: Kind<ProfileItem, MeChange, Me> = {
  method: 'PATCH',
  unsentAs: 'profile',
  holds: null,
  listedBy: null,
  path: () => '/api/me',
  content: ({ change }) => change,
  kept: (out) => ({ me: out, change: {} }),
  isAnswerFor: (out, _id, personId) => out.id === personId,
};
