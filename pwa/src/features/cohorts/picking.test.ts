// @vitest-environment node
import { expect, it } from 'vitest';
import { chosenOf, inOrder } from './picking';

const people = ['Zoë', 'Ana', 'Émile', 'Dev', 'Björn'].map((name) => ({ id: name, name }));
const names = (before: string[]) =>
  inOrder(people, before, ({ name }) => name).map(({ name }) => name);

it('is by name where nobody was chosen before, whatever marks a letter has', () => {
  expect(names([])).toEqual(['Ana', 'Björn', 'Dev', 'Émile', 'Zoë']);
});

it('has the last one first, once, and nobody who is not there', () => {
  const before = ['Zoë', 'Dev', 'Zoë', 'gone'];
  expect(names(before)).toEqual(['Zoë', 'Dev', 'Ana', 'Björn', 'Émile']);
});

it('names who is chosen in the order they were chosen in, whatever order their cohort is listed in', () => {
  const chosen = (of: typeof people) => chosenOf(of, ['Dev', 'gone', 'Ana']).map(({ id }) => id);
  expect(chosen(people)).toEqual(['Dev', 'Ana']);
  expect(chosen(people.toReversed())).toEqual(['Dev', 'Ana']);
});
