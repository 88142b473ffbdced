/** Search as one types, over the phone's copy: blind to accents and capitals, every word must be found. */
/** Letters that follow each other: all of them were searched for, or none. */
export interface Run {
  text: string;
  isFound: boolean;
}

/** So many letters are normalised at once: putting marks in order takes the square of how many there are. */
const AT_ONCE = /[\s\S]{1,64}/gu;

/**
 * Letters as they are compared: "Café Ångström" → "cafe angstrom". Piece by piece it comes to the same, as the marks,
 * all that depends on what stands beside it, go.
 */
export function folded(text: string): string {
  const apart = text.replace(AT_ONCE, (piece) => piece.normalize('NFD'));
  return apart.replace(/\p{M}/gu, '').toLocaleLowerCase();
}

export function wordsOf(query: string): string[] {
  return [...new Set(folded(query).split(/\s+/).filter(Boolean))];
}

/** The text in runs, those that were searched for marked; put together they are the text again. */
export function marked(text: string, words: readonly string[]): Run[] {
  if (words.length === 0) return [{ text, isFound: false }];
  const letters = [...text];
  const hit = hits(letters, words);
  const runs: Run[] = [];
  for (const [at, letter] of letters.entries()) {
    const last = runs[runs.length - 1];
    if (last && last.isFound === hit[at]) last.text += letter;
    else runs.push({ text: letter, isFound: hit[at] ?? false });
  }
  return runs;
}

/** For each letter of the original whether it is part of something found; one letter may fold to none or many. */
function hits(letters: readonly string[], words: readonly string[]): boolean[] {
  const hit = letters.map(() => false);
  const origin: number[] = [];
  let whole = '';
  for (const [at, letter] of letters.entries()) {
    const plain = folded(letter);
    for (let i = 0; i < plain.length; i += 1) origin.push(at);
    whole += plain;
  }
  for (const word of words) {
    for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + word.length)) {
      for (let i = at; i < at + word.length; i += 1) hit[origin[i] as number] = true;
    }
  }
  return hit;
}

const PLENTY = 280;

/** A long text from a little before the first thing found, so that what was searched for can be seen. */
export function excerpt(runs: Run[], length = PLENTY): Run[] {
  const first = runs.findIndex((run) => run.isFound);
  const before = runs[0];
  if (first < 1 || !before || before.text.length < length / 2) return runs;
  const from = before.text.length - Math.floor(length / 4);
  const word = before.text.indexOf(' ', from);
  return [
    { text: `… ${before.text.slice(word < 0 ? from : word + 1)}`, isFound: false },
    ...runs.slice(1),
  ];
}
