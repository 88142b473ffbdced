import { describe, expect, it } from 'vitest';
import { excerpt, folded, holds, marked, wordsOf } from './search';

const found = (text: string, query: string) => holds(folded(text), wordsOf(query));
const shown = (text: string, query: string) =>
  marked(text, wordsOf(query))
    .map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text))
    .join('');

describe('search', () => {
  it.each([
    ['We met in the Café', 'cafe', true],
    ['We met in the cafe', 'CAFÉ', true],
    ['Ångström said no', 'angstrom no', true],
    ['Ångström said no', 'angstrom yes', false],
    ['anything', '   ', true],
    ['Ημερα', 'ημέρα', true],
  ])('%s / %s → %s', (text, query, is) => expect(found(text, query)).toBe(is));
});

describe('marks', () => {
  it.each([
    ['We met in the Café.', 'cafe', 'We met in the [Café].'],
    ['Café', 'cafe', '[Café]'],
    ['one two one', 'one', '[one] two [one]'],
    ['listening', 'list sten', '[listen]ing'],
    ['👋🏽 hello', 'hello', '👋🏽 [hello]'],
    ['<b>bold</b>', 'bold', '<b>[bold]</b>'],
    ['nothing', '', 'nothing'],
  ])('%s / %s', (text, query, marks) => expect(shown(text, query)).toBe(marks));

  it('lose no letter', () => {
    const text = 'Zoë’s “naïve” café\n– très İstanbul 👩‍⚕️';
    expect(
      marked(text, wordsOf('zoe cafe istanbul'))
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

it('begins an excerpt near what was found', () => {
  const text = `${'before '.repeat(200)}here it is`;
  const pieces = excerpt(marked(text, wordsOf('here')));
  expect(pieces[0]!.text.length).toBeLessThan(100);
  expect(pieces[1]).toEqual({ text: 'here', isFound: true });
});
