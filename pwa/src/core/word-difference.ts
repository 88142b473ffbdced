/** What changed between two wordings, word by word, as a reader would mark it with a pencil. */

export interface Piece {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/** A word, or a mark of punctuation, with the space that follows it. */
interface Word {
  text: string;
  space: string;
}

/** Words that stand in both wordings, or some that were taken out for some that were put in. */
interface Run {
  isSame: boolean;
  before: Word[];
  after: Word[];
}

/**
 * The pieces in reading order. Those that are not removed make up `after` to the letter; other spaces alone are no
 * difference. One word left standing between two others that were replaced goes with them: a sentence in crumbs is
 * hard to read.
 */
export function difference(before: string, after: string): Piece[] {
  return piecesOf(withoutCrumbs(runsOf(wordsOf(before), wordsOf(after))));
}

/** The first "word" is the space that a wording begins with; mostly there is none. */
function wordsOf(text: string): Word[] {
  const rest = text.trimStart();
  const begin = { text: '', space: text.slice(0, text.length - rest.length) };
  const found = rest.matchAll(/([\p{L}\p{M}\p{N}’'_-]+|[^\s])(\s*)/gu);
  return [begin, ...[...found].map(([, word, space]) => ({ text: word!, space: space! }))];
}

function runsOf(before: readonly Word[], after: readonly Word[]): Run[] {
  const common = mostInCommon(before, after);
  const runs: Run[] = [];
  const run = (isSame: boolean): Run => {
    if (runs.at(-1)?.isSame !== isSame) runs.push({ isSame, before: [], after: [] });
    return runs.at(-1)!;
  };
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (before[i] && before[i]?.text === after[j]?.text) {
      const same = run(true);
      same.before.push(before[i++]!);
      same.after.push(after[j++]!);
    } else if (j === after.length || (common[i + 1]?.[j] ?? -1) >= common[i]![j + 1]!) {
      run(false).before.push(before[i++]!);
    } else run(false).after.push(after[j++]!);
  }
  return runs;
}

/** How many words the rest of one has in common with the rest of the other, in order, from each word on. */
function mostInCommon(before: readonly Word[], after: readonly Word[]): number[][] {
  const most = Array.from({ length: before.length + 1 }, () =>
    Array<number>(after.length + 1).fill(0),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    const [row, next] = [most[i]!, most[i + 1]!];
    for (let j = after.length - 1; j >= 0; j--) {
      const isSame = before[i]!.text === after[j]!.text;
      row[j] = isSame ? next[j + 1]! + 1 : Math.max(next[j]!, row[j + 1]!);
    }
  }
  return most;
}

/** A run that goes with its neighbours is added to the one before it. */
function withoutCrumbs(runs: readonly Run[]): Run[] {
  const kept: Run[] = [];
  runs.forEach((run, at) => {
    const last = kept.at(-1);
    const isCrumb = isOneWord(run) && isReplaced(last) && isReplaced(runs[at + 1]);
    if (last && !last.isSame && (isCrumb || !run.isSame)) {
      last.before.push(...run.before);
      last.after.push(...run.after);
    } else kept.push(run);
  });
  return kept;
}

const isReplaced = (run?: Run): boolean =>
  !!run && !run.isSame && run.before.length > 0 && run.after.length > 0;
const isOneWord = ({ after }: Run): boolean => !/\S\s+\S/.test(join(after));

/** The space around what changed stays outside where both wordings have it. */
function piecesOf(runs: readonly Run[]): Piece[] {
  const pieces: Piece[] = [];
  const put = (kind: Piece['kind'], text: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) pieces.push({ kind, text });
  };
  let [gapBefore, gapAfter] = ['', ''];
  for (const { isSame, before, after } of runs) {
    if (isSame) {
      put('same', gapAfter + join(after).trimEnd());
      [gapBefore, gapAfter] = [before.at(-1)!.space, after.at(-1)!.space];
      continue;
    }
    const [lead, removed, added, trail] = bare(gapBefore + join(before), gapAfter + join(after));
    put('same', lead);
    put('removed', removed);
    put('added', added);
    [gapBefore, gapAfter] = ['', trail];
  }
  put('same', gapAfter);
  return pieces;
}

const join = (words: readonly Word[]): string =>
  words.map(({ text, space }) => text + space).join('');

/** What only one has and what only the other has, between the space that both begin and end with. */
function bare(removed: string, added: string): [string, string, string, string] {
  let [lead, trail] = ['', ''];
  if (/^\s/.test(removed) && /^\s/.test(added)) {
    lead = /^\s+/.exec(added)![0];
    [removed, added] = [removed.trimStart(), added.trimStart()];
  }
  if (/\s$/.test(removed) && /\s$/.test(added)) {
    trail = /\s+$/.exec(added)![0];
    [removed, added] = [removed.trimEnd(), added.trimEnd()];
  }
  return [lead, removed, added, trail];
}
