/** From where the engine fetches which kinds of items there are; whoever puts the app together names it (`src/kinds.ts`). */
import type { Known } from './kinds';

export const source: { load?: () => Promise<{ KNOWN: Known }> } = {};
