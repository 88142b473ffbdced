// @vitest-environment node
import { expect, test } from 'vitest';
import { difference } from './word-difference';

/** [-taken out-] and {+put in+}, as a person reads it. */
function marked(before: string, after: string): string {
  const marks = { same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}'] };
  return difference(before, after)
    .map(({ text, kind }) => marks[kind][0] + text + marks[kind][1])
    .join('');
}

const without = (before: string, after: string, kind: string) =>
  difference(before, after)
    .filter((piece) => piece.kind !== kind)
    .map(({ text }) => text)
    .join('');

test.each([
  ['nothing', 'We start on time.', 'We start on time.', 'We start on time.'],
  ['one word', 'We start on time.', 'We begin on time.', 'We [-start-]{+begin+} on time.'],
  ['a word put in', 'We listen first.', 'We listen fully first.', 'We listen {+fully +}first.'],
  ['a word taken out', 'We always listen.', 'We listen.', 'We [-always -]listen.'],
  ['from nothing', '', 'We listen.', '{+We listen.+}'],
  ['to nothing', 'We listen.', '', '[-We listen.-]'],
  ['the end', 'We listen.', 'We listen, and we ask.', 'We listen{+, and we ask+}.'],
  ['an apostrophe', 'We don’t rush here', 'We never rush here', 'We [-don’t-]{+never+} rush here'],
])('marks %s', (_name, before, after, expected) => {
  expect(marked(before, after)).toBe(expected);
});

test('a single word between two that were replaced is not left standing alone', () => {
  expect(marked('We speak kindly and openly.', 'All talk kindly but freely.')).toBe(
    '[-We speak kindly and openly-]{+All talk kindly but freely+}.',
  );
});

test('a word beside one that was only put in stays', () => {
  expect(marked('We listen before we speak.', 'We listen fully before anyone answers.')).toBe(
    'We listen {+fully +}before [-we speak-]{+anyone answers+}.',
  );
});

test('two words that stay are worth keeping', () => {
  expect(marked('Do not talk over others', 'Never talk over a friend')).toBe(
    '[-Do not-]{+Never+} talk over [-others-]{+a friend+}',
  );
});

test('other spaces and line ends are no difference', () => {
  const pieces = difference('We  listen\nfirst.', 'We listen first.');
  expect(pieces.every(({ kind }) => kind === 'same')).toBe(true);
});

const WORDS = 'we listen first, then ask; nobody is rushed — ever. day’s end naïve 3 times'.split(
  ' ',
);

/** The same sentences at every run. */
function sentences(count: number): string[] {
  let seed = 7;
  const next = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  return Array.from({ length: count }, () =>
    Array.from({ length: next(12) }, () => WORDS[next(WORDS.length)]).join(' '),
  );
}

test('what is not removed is the new wording, what is not added the old one, whatever they are', () => {
  const all = sentences(60);
  for (const before of all)
    for (const after of all) {
      expect(without(before, after, 'removed')).toBe(after);
      const words = (text: string) => text.split(/\s+/).filter(Boolean);
      expect(words(without(before, after, 'added'))).toEqual(words(before));
    }
});

test('no two pieces of one kind stand side by side, and none is empty', () => {
  const all = sentences(40);
  for (const before of all)
    for (const after of all) {
      const pieces = difference(before, after);
      expect(pieces.every(({ text }) => text !== '')).toBe(true);
      pieces.slice(1).forEach((piece, at) => expect(piece.kind).not.toBe(pieces[at]!.kind));
    }
});

test('where hardly a word is the same, both wordings are shown whole', () => {
  const before = Array.from({ length: 3_000 }, (_, at) => `a${at}`).join(' ');
  const after = Array.from({ length: 3_000 }, (_, at) => `b${at}`).join(' ');
  expect(difference(before, after)).toEqual([
    { text: before, kind: 'removed' },
    { text: after, kind: 'added' },
  ]);
});
