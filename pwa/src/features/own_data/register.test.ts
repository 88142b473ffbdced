// @vitest-environment node
import { expect, test } from 'vitest';
import { foundIn } from './register';

const all = [
  { id: 'a', words: 'We spoke at last.' },
  { id: 'b', words: 'I held back.' },
  { id: 'c', words: 'Held by the others.' },
];
const found = (sought: string, chosen: string[] = []) =>
  foundIn(all, sought, chosen).map(({ id }) => id);

test('all of it stands in its order while nothing is searched for', () => {
  expect(found('  ')).toEqual(['a', 'b', 'c']);
});

test('what holds the words is found, however they are written', () => {
  expect(found('HELD')).toEqual(['b', 'c']);
});

test('what is chosen stays in sight, first and once', () => {
  expect(found('held', ['a', 'c'])).toEqual(['a', 'c', 'b']);
});
