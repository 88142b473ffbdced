import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';

/**
 * What is asked of one box for words is asked of all, those made later too: this phone looks through what is written in it
 * for patients. One component is the box and the look; nothing else is a box.
 */
const screens = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.svelte'),
);
const source = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');

/** A box that nobody looks through: the bare component, under whatever name, or the bare element. */
const isBare = (text: string): boolean => /ui\/TextArea|<textarea|contenteditable/.test(text);

afterEach(() => document.body.replaceChildren());

test('whoever asks for words, asks in the box that is looked through', () => {
  const bare = screens.filter((path) => isBare(source(path)));
  // The server takes nothing but addresses in this one, and keeps them only until each has its letter.
  expect(bare.toSorted()).toEqual(['convening/ByMailSheet.svelte', 'patients/WatchedText.svelte']);
  const asking = screens.filter((path) => source(path).includes('<WatchedText'));
  expect(asking.length, 'the guard finds the boxes').toBeGreaterThanOrEqual(17);
});

test('the control: a bare box is found, whatever it is bound to', () => {
  const looked = "import WatchedText from '../reflections/WatchedText.svelte';";
  expect(isBare(looked)).toBe(false);
  expect(isBare(`${looked} import TextArea from '../../ui/TextArea.svelte';`)).toBe(true);
  expect(isBare("import Box from '../../ui/TextArea.svelte';")).toBe(true);
  expect(isBare('<p>{text}</p><textarea bind:value={text}></textarea>')).toBe(true);
});

test.each([
  ['the first box of a form', {}, true],
  ['a further one, without the request said again', { isFurther: true }, false],
  ['a line that belongs to it', { also: '943 476 5919' }, true],
])('%s: what is written in it is looked through', async (_, props, isAsked) => {
  const [{ mount }, { default: WatchedText }, { learn }] = await Promise.all([
    import('svelte'),
    import('./patients/WatchedText.svelte'),
    import('../i18n'),
  ]);
  await learn(['mine']);
  mount(WatchedText, { target: document.body, props: { label: 'Words', ...props } });
  const isSaid = () => document.body.textContent!.includes('No patient details, please.');
  if (isAsked) await vi.waitFor(() => expect(isSaid()).toBe(true));
  const area = document.querySelector('textarea')!;
  area.value = 'also' in props ? 'She was worried.' : 'She said that 943 476 5919 was worried.';
  area.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.waitFor(() => expect(document.body.textContent).toContain('943 476 5919” looks'));
  expect(isSaid()).toBe(isAsked);
});

/** Fields of one line into which anything can be written, and why they need no look of their own. */
const LINES: Record<string, string> = {
  'convening/ByMailSheet.svelte name': 'an invitation’s name',
  'convening/CohortForm.svelte name': 'a cohort’s name',
  'convening/InviteSheet.svelte name': 'an invitation’s name',
  'feedback/AskMore.svelte context': 'looked through with the question',
  'joining/WhoIAm.svelte name': 'one’s own name',
  'me/ProfileForm.svelte name': 'one’s own name',
};

/** Fields of one line, each with all that is written in it. */
const lines = (text: string): string[] =>
  [...text.matchAll(/<Field\b(?:[^>{]|\{[^}]*\}|=>)*/g)].map(([tag]) => tag);

/** What a line writes into, by its last name: of a name, and of what two functions bind. */
const boundBy = (tag: string): string =>
  /bind:value=\{(?:[\w.]*\.)?(\w+)\}/.exec(tag)?.[1] ??
  /bind:value=\{\s*\(\) => \w+\.(\w+)/.exec(tag)?.[1] ??
  `nothing that this guard can read: ${tag}`;

test('a line that can be written into is known, and why it is not looked through', () => {
  const written = screens.flatMap((path) =>
    lines(source(path))
      .filter((tag) => !/\s(type|inputmode|readonly)[=\s]/.test(tag))
      .map((tag) => `${path} ${boundBy(tag)}`),
  );
  expect(written.toSorted()).toEqual(Object.keys(LINES).toSorted());
  expect(source('feedback/AskForm.svelte')).toContain('also={asking.state.context}');
});
