/** What changed between two wordings, word by word, as a reader would mark it with a pencil. */
import { diffWords } from 'diff/lib/diff/word.js';

export interface Piece {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/** So many words may differ before two wordings are shown whole, one after the other: comparing takes the square. */
const MOST_CHANGES = 600;

/**
 * The pieces in reading order. Those that are not removed make up `after` to the letter; other spaces alone are no
 * difference. One word left standing between two others that were replaced goes with them: a sentence in crumbs is
 * hard to read.
 */
export function difference(before: string, after: string): Piece[] {
  const pieces: Piece[] = [];
  let removed = '';
  let added = '';

  const changed = () => {
    if (removed) pieces.push({ text: removed, kind: 'removed' });
    if (added) pieces.push({ text: added, kind: 'added' });
    removed = added = '';
  };

  const found = diffWords(before, after, { maxEditLength: MOST_CHANGES }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  found.forEach((part, index) => {
    const isReplacedNext = found[index + 1]?.removed && found[index + 2]?.added;
    const isCrumb = removed && added && isReplacedNext && isOneWord(part.value);
    if (part.removed) removed += part.value;
    else if (part.added) added += part.value;
    else if (isCrumb) {
      removed += part.value;
      added += part.value;
    } else {
      changed();
      pieces.push({ text: part.value, kind: 'same' });
    }
  });
  changed();
  return pieces;
}

const isOneWord = (text: string): boolean => !/\S\s+\S/.test(text);
