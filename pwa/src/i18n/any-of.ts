import { locale } from '.';

// Beside `listOf`, and not in the app's first file: no first screen says it.
let lists: Intl.ListFormat | undefined;

/** "Ana, Björn or Chidi": any one of them. */
export function anyOf(things: Iterable<string>): string {
  lists ??= new Intl.ListFormat(locale, { type: 'disjunction' });
  return lists.format(things);
}
