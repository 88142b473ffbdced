import type { PersonRef } from '../../api/shapes';
import { locale } from '../../i18n';

/**
 * People to choose from: those who were chosen before, the last first; then everybody by name.
 * The order that turns daily is for the page of people only, where nobody looks for somebody.
 * @param before ids, the last first; one may stand there more than once
 */
export function inOrder<T extends PersonRef>(
  people: readonly T[],
  before: readonly string[],
  nameOf: (person: T) => string,
): T[] {
  const places = new Map([...new Set(before)].map((id, at) => [id, at]));
  const place = ({ id }: T) => places.get(id) ?? Infinity;
  const { compare } = new Intl.Collator(locale());
  return people.toSorted((a, b) => {
    const [one, other] = [place(a), place(b)];
    return one === other ? compare(nameOf(a), nameOf(b)) : one - other;
  });
}

/** Those who are chosen, in the order they were chosen in: a cohort's own list turns daily. */
export const chosenOf = <T extends PersonRef>(
  people: readonly T[],
  chosen: readonly string[],
): T[] => chosen.flatMap((id) => people.find((person) => person.id === id) ?? []);
