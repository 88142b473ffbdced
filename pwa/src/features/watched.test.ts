import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * What is asked of one box for words is asked of all, those made later too: this phone looks through what is written in it
 * for patients. Where a screen has several boxes, through each of them.
 */
const screens = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.svelte'),
);
const source = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');

/** Tags of this name, each with all that is written in it. */
const tags = (name: string, text: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}\\b(?:[^>{]|\\{[^}]*\\}|=>)*`, 'g'))].map(([tag]) => tag);

/** What a box writes into, by its last name: `text` of `bind:value={writing.said.text}`, and of what two functions bind. */
const boundBy = (tag: string): string =>
  /bind:value=\{(?:[\w.]*\.)?(\w+)\}/.exec(tag)?.[1] ??
  /bind:value=\{\s*\(\) => \w+\.(\w+)/.exec(tag)?.[1] ??
  `nothing that this guard can read: ${tag}`;

/** All that is looked through in a screen, the lines that its names are made of included. */
function lookedThrough(text: string): string {
  const watches = tags('Patient(?:Watch|Notice)', text).join(' ');
  const made = [...watches.matchAll(/\w+/g)].map(
    ([name]) => new RegExp(`const ${name}\\b[^;]*;`).exec(text)?.[0] ?? '',
  );
  return [watches, ...made].join(' ');
}

const boxes = screens.flatMap((path) =>
  tags('TextArea', source(path)).map((tag) => [path, boundBy(tag)] as const),
);

test('the guard finds the boxes', () => {
  expect(boxes.length).toBeGreaterThanOrEqual(25);
  expect(boxes).toContainEqual(['feedback/AnswerForm.svelte', 'wonder']);
});

test.each(boxes)('%s: what is written into “%s” is looked through', (path, name) => {
  expect(lookedThrough(source(path))).toMatch(new RegExp(`\\b${name}\\b`));
});

test('there is no other kind of box for words', () => {
  const own = screens.filter((path) => /<textarea|contenteditable/.test(source(path)));
  expect(own).toEqual([]);
});

/** Fields of one line into which anything can be written, and why they need no look of their own. */
const LINES: Record<string, string> = {
  'cohorts/CohortForm.svelte name': 'a cohort’s name',
  'feedback/AskMore.svelte context': 'looked through in AskForm.svelte',
  'joining/WhoIAm.svelte name': 'one’s own name',
  'me/ProfileForm.svelte name': 'one’s own name',
};

test('a line that can be written into is known, and why it is not looked through', () => {
  const lines = screens.flatMap((path) =>
    tags('Field', source(path))
      .filter((tag) => !/\s(type|inputmode|readonly)[=\s]/.test(tag))
      .map((tag) => `${path} ${boundBy(tag)}`),
  );
  expect(lines.toSorted()).toEqual(Object.keys(LINES).toSorted());
  expect(lookedThrough(source('feedback/AskForm.svelte'))).toContain('context');
});

test('the control: a second box that nobody looks through is found', () => {
  const screen = '<TextArea bind:value={said.text} /><TextArea bind:value={said.heard} />';
  const watched = `${screen}<PatientWatch text={said.text} />`;
  const found = tags('TextArea', watched).map(boundBy);
  expect(found).toEqual(['text', 'heard']);
  expect(found.filter((name) => !lookedThrough(watched).includes(name))).toEqual(['heard']);
});
