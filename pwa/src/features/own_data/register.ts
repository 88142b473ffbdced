/** What registers ask for is a few of each. */
export const MOST = 5;

/** What is chosen first, so that it stays in sight; then what holds the words that are searched for. */
export function foundIn<T extends { id: string; words: string }>(
  all: readonly T[],
  sought: string,
  chosen: readonly string[],
): T[] {
  const wanted = sought.trim().toLocaleLowerCase();
  const isChosen = ({ id }: T) => chosen.includes(id);
  const holds = ({ words }: T) => words.toLocaleLowerCase().includes(wanted);
  return [...all.filter(isChosen), ...all.filter((one) => !isChosen(one) && holds(one))];
}
