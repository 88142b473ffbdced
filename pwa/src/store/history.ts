/** How much of all that I ever wrote has come to this phone. */
import type { Phone } from './database';

export const CURSOR = 'reflections_cursor';
/** There from the first page until the last has come, once. */
export const COMING = 'reflections_coming';

/** nothing: nobody has said yet whether there is anything · some: more is to come · all: all has come once */
export type Come = 'nothing' | 'some' | 'all';

export async function howMuchCame({ db }: Phone): Promise<Come> {
  const [cursor, coming] = await Promise.all([db.get('meta', CURSOR), db.get('meta', COMING)]);
  if (!cursor) return 'nothing';
  return coming ? 'some' : 'all';
}
