/** What was begun in a form that cannot be had any more: none of it goes unseen. */
import { beforeEach, expect, test, vi } from 'vitest';
import { PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

let tab: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  new PretendServer().plugIn();
  tab = await signedInTab();
  await (await import('../../i18n')).learn(['unsent']);
});

const drafts = () => tab.session.phone.db.count('drafts');
const shows = (text: string) => document.body.textContent!.includes(text);
const buttons = (name: string) =>
  [...document.querySelectorAll('button')].filter((one) => one.textContent!.trim() === name);

interface Said {
  note: string;
  word: string;
}

/** Begun, then looked at what stood there meanwhile, and begun anew from that. */
async function begunTwice(mine: Said, then: Said) {
  const { Begun } = await import('../../store/begun.svelte');
  let now: Said = { note: '', word: '' };
  const begun = new Begun(
    'a-form',
    () => now,
    () => undefined,
  );
  await begun.restore();
  begun.said = mine;
  begun.remember();
  now = { note: '', word: 'elsewhere' };
  begun.takeNow();
  begun.said = then;
  begun.remember();
  await begun.flush();
  expect(await drafts()).toBe(1);
}

async function showLeft(props: object = {}) {
  const { default: BegunWords } = await import('./BegunWords.svelte');
  await show(BegunWords, { of: 'a-form', textOf: ({ note }: Said) => note, ...props });
  await settled();
  await settled();
}

test('mine that lies beside is shown where nothing else was written, and goes by a tap alone', async () => {
  await begunTwice({ note: 'A long line of mine.', word: '' }, { note: '', word: 'living' });
  await showLeft();
  expect([shows('A long line of mine.'), await drafts()]).toEqual([true, 1]);
  buttons('Delete it')[0]!.click();
  await vi.waitFor(async () => expect(await drafts()).toBe(0));
  expect(shows('A long line of mine.')).toBe(false);
});

test.each([0, 1])('of two texts one can be let go of, and the other stays (%i)', async (which) => {
  const texts = ['My first thought.', 'My second thought.'];
  await begunTwice({ note: texts[0]!, word: '' }, { note: texts[1]!, word: '' });
  await showLeft();
  expect(texts.map(shows)).toEqual([true, true]);
  const card = [...document.querySelectorAll('section')].find((one) =>
    one.textContent!.includes(texts[which]!),
  )!;
  const letGo = [...card.querySelectorAll('button')].find(
    (one) => one.textContent!.trim() === 'Delete it',
  )!;
  letGo.click();
  await vi.waitFor(() => expect(shows(texts[which]!)).toBe(false));
  expect([shows(texts[1 - which]!), await drafts()]).toEqual([true, 1]);
  buttons('Delete it')[0]!.click();
  await vi.waitFor(async () => expect(await drafts()).toBe(0));
});

test('of two texts one becomes a reflection, and the other stays', async () => {
  await begunTwice({ note: 'My first thought.', word: '' }, { note: 'My second.', word: '' });
  await showLeft();
  buttons('Keep them as a reflection of mine')[0]!.click();
  await vi.waitFor(() => expect(buttons('Delete it')).toHaveLength(1));
  expect(tab.reflections.items).toHaveLength(1);
  expect([shows(tab.reflections.items[0]!.text), await drafts()]).toEqual([false, 1]);
});

test('where neither has words, it goes by itself', async () => {
  await begunTwice({ note: ' ', word: 'patchy' }, { note: '', word: 'living' });
  await showLeft();
  await vi.waitFor(async () => expect(await drafts()).toBe(0));
  expect(buttons('Delete it')).toHaveLength(0);
});

test('what keeps more than words is shown without words', async () => {
  await begunTwice({ note: '', word: 'patchy' }, { note: 'x', word: 'living' });
  await showLeft({ keeps: () => ({}) });
  expect(buttons('Delete it')).toHaveLength(2);
});
