import { isolated, perLanguage } from '.';

// Beside `listOf`, and not in the app's first file: no first screen says it.
const lists = perLanguage((locale) => new Intl.ListFormat(locale, { type: 'disjunction' }));

/** "Ana, Björn or Chidi": any one of them. */
export function anyOf(things: Iterable<string>): string {
  return lists().format(Array.from(things, isolated));
}
