// @vitest-environment node
import { expect, test } from 'vitest';
import { compared, pairFrom } from './comparing';

const of = (id: string, text = id, why = '') => ({ id, text, why, place: 0 });
const kinds = (before: string, after: string) =>
  compared(
    [...before].map((id) => of(id)),
    [...after].map((id) => of(id)),
  ).map(({ id, kind }) => `${id} ${kind}`);

test.each([
  ['', '', []],
  ['', 'a', ['a added']],
  ['a', '', ['a retired']],
  ['ab', 'abc', ['a same', 'b same', 'c added']],
  ['abc', 'ac', ['a same', 'b retired', 'c same']],
  ['abc', 'c', ['a retired', 'b retired', 'c same']],
  ['abc', 'bcd', ['a retired', 'b same', 'c same', 'd added']],
])('from %o to %o', (before, after, expected) => {
  expect(kinds(before, after)).toEqual(expected);
});

test('another text or another reason is another wording', () => {
  expect(compared([of('a', 'x')], [of('a', 'y')])[0]!.kind).toBe('reworded');
  expect(compared([of('a', 'x')], [of('a', 'x', 'because')])[0]!.kind).toBe('reworded');
});

test('both wordings are there to be compared', () => {
  const [one] = compared([of('a', 'x')], [of('a', 'y')]);
  expect([one!.before?.text, one!.after?.text]).toEqual(['x', 'y']);
});

test.each([
  ['1-3', [1, 3]],
  ['3-1', [1, 3]],
  ['2-2', [2, 2]],
  ['', null],
  [null, null],
  ['1', null],
  ['a-b', null],
  ['1-99999999', null],
])('the address %o', (words, expected) => {
  expect(pairFrom(words)).toEqual(expected);
});
