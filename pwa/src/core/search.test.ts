// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { excerpt, folded, marked, wordsOf } from './search';

const found = (text: string, query: string) =>
  wordsOf(query).every((word) => folded(text).includes(word));
const shown = (text: string, query: string) =>
  marked(text, wordsOf(query))
    .map((run) => (run.isFound ? `[${run.text}]` : run.text))
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

describe('folding', () => {
  const hostile = [
    'a' + '\u0316\u0300'.repeat(10_000),
    ('e' + '\u0301\u0327'.repeat(40)).repeat(200),
    '\ufdfa\u0344\u1100\u1161\u11a8'.repeat(400),
    '𝅘𝅥\u0300👋🏽É'.repeat(300),
    'ΟΔΟΣ ΟΔΟΣ',
  ];

  it('comes to the same as folding all at once', () => {
    for (const text of hostile.map((one) => one.slice(0, 600)))
      expect(folded(text)).toBe(text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase());
  });

  it('never normalises more than a few letters at once', () => {
    const lengths: number[] = [];
    const normalize = String.prototype.normalize;
    const spy = vi.spyOn(String.prototype, 'normalize').mockImplementation(function (
      this: string,
      form?: string,
    ) {
      lengths.push([...this].length);
      return normalize.call(this.slice(0, 200), form);
    });
    hostile.forEach((text) => folded(text));
    spy.mockRestore();
    expect(lengths.length).toBeGreaterThan(300);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(64);
  });
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
        .map((run) => run.text)
        .join(''),
    ).toBe(text);
  });
});

it('begins an excerpt near what was found', () => {
  const text = `${'before '.repeat(200)}here it is`;
  const runs = excerpt(marked(text, wordsOf('here')));
  expect(runs[0]!.text.length).toBeLessThan(100);
  expect(runs[1]).toEqual({ text: 'here', isFound: true });
});
