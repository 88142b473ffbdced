/** A change of a reflection that is begun and not kept yet. */
import { session } from '../../store/session.svelte';
import type { ReflectionWords } from './keeping';

const PLACE = 'reflection/';

/** The name of its draft. */
export const changeKey = (id: string): string => PLACE + id;

export const textOf = ({ text }: ReflectionWords): string => text;
export const keeps = ({ text: _text, ...others }: ReflectionWords) => others;

/** Ids of all that somebody has begun to change here. */
export async function begunIds(): Promise<string[]> {
  // Ids are hexadecimal: what is written on Today, under "new", comes after them.
  const all = IDBKeyRange.bound(PLACE, `${PLACE}g`);
  const keys = await session.phone.db.getAllKeys('drafts', all);
  return [...new Set(keys.map((key) => key.slice(PLACE.length).split('#')[0]!))];
}
