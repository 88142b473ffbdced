/** How somebody wants to be reached, as it travels and is kept on the phone. */
import type { RhythmIn, RhythmOut } from '../../api/shapes';
import { plain, type Kind } from '../../store/kinds';

export const rhythm: Kind<RhythmOut, RhythmIn, RhythmOut> = {
  method: 'PUT',
  unsentAs: 'wishes',
  holds: null,
  listedBy: null,
  path: () => '/api/me/rhythm',
  isComparedByName: true,
  content: {
    windows: plain,
    kinds: plain,
    prompts_a_week: plain,
    snoozed_until: plain,
    lock_screen: plain,
    stretch_me: plain,
  },
  kept: (out) => out,
  isAnswerFor: (out) => Array.isArray(out.windows),
};
