/** Each field that somebody can write or choose is kept while it is begun, can be changed, and is shown. */
import { beforeEach, expect, test } from 'vitest';
import { PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';
import { someReflection } from '../../testing/some-reflection';
import { reflections } from './kinds';
import { blankDraft, isSaid, wordsOf, type ReflectionWords } from './keeping';

/** Something in each. */
const SAID = wordsOf(someReflection());
const FIELDS = Object.keys(SAID) as (keyof ReflectionWords)[];
const only = (field: keyof ReflectionWords) => ({ ...blankDraft(), [field]: SAID[field] });

let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  new PretendServer().plugIn();
  phone = await signedInTab();
});

test('what somebody writes is all that travels, besides what goes around it', () => {
  const around = ['cohort_id', 'prompt_id', 'audience', 'shared_with', 'written_at'];
  const travels = Object.keys(reflections.content);
  expect([...Object.keys(wordsOf(blankDraft())), ...around].toSorted()).toEqual(travels.toSorted());
});

test.each(FIELDS)('a draft that holds %s alone is kept, and shows that it does', async (field) => {
  const { composer } = await import('./composer.svelte');
  await settled();
  expect([composer.isUntouched, composer.isMore]).toEqual([true, false]);
  Object.assign(composer.draft, only(field));
  expect(composer.isUntouched).toBe(false);
  // Words that one types move nothing: what else there is to choose is shown by a tap.
  expect(composer.isMore).toBe(field !== 'noticing' && field !== 'text');
  composer.remember();
  await phone.drafts.flushDrafts();
  phone = await signedInTab();
  const { composer: later } = await import('./composer.svelte');
  await settled();
  expect(later.draft).toEqual(only(field));
});

test.each(FIELDS)('a change of %s alone is a change', (field) => {
  expect(isSaid(blankDraft())).toBe(false);
  expect(isSaid(only(field))).toBe(true);
  expect(wordsOf(only(field))[field]).toEqual(SAID[field]);
});

test('what an older version of the app has kept lacks a field, and has nothing in it', () => {
  const { stretch: _stretch, ...older } = blankDraft();
  expect(wordsOf(older as unknown as ReflectionWords)).toEqual(wordsOf(blankDraft()));
});

test.each(FIELDS)(
  'a change begun before there was %s was not changed elsewhere by that',
  async (field) => {
    const { Begun } = await import('../../store/begun.svelte');
    const { [field]: now, ...before } = SAID;
    const { [field]: _now, ...said } = { ...SAID, text: 'New.', areas: [] };
    const draft = new phone.drafts.Draft('reflection/one');
    draft.save({ said, from: before, aside: null });
    await draft.flush();
    const begun = new Begun<ReflectionWords>(
      'reflection/one',
      () => SAID,
      () => undefined,
    );
    await begun.restore();
    expect(begun.isEarlier).toBe(false);
    expect(begun.said).toEqual({ ...said, [field]: now });
  },
);

test('what lies beside since before there was a field is whole, too', async () => {
  const { Begun } = await import('../../store/begun.svelte');
  const { stretch: _stretch, ...before } = SAID;
  const draft = new phone.drafts.Draft('reflection/one');
  draft.save({ said: before, from: before, aside: { ...before, text: 'Beside.' } });
  await draft.flush();
  const begun = new Begun<ReflectionWords>(
    'reflection/one',
    () => SAID,
    () => undefined,
  );
  await begun.restore();
  begun.takeMine();
  expect(begun.said).toEqual({ ...SAID, text: 'Beside.' });
});

test.each(FIELDS)('%s is shown', async (field) => {
  const { default: ReflectionBody } = await import('./ReflectionBody.svelte');
  const shown = async (reflection: object) => {
    document.body.replaceChildren();
    await show(ReflectionBody, { reflection });
    return document.body.textContent;
  };
  const rest = field === 'text' ? {} : { text: 'Words.' };
  expect(await shown({ ...only(field), ...rest })).not.toBe(
    await shown({ ...blankDraft(), ...rest }),
  );
});

test('in a list it is not cut after an empty line, where dots would stand alone', async () => {
  document.body.replaceChildren();
  const { default: ReflectionBody } = await import('./ReflectionBody.svelte');
  const reflection = { ...blankDraft(), text: 'First.\n\n \nThen.' };
  await show(ReflectionBody, { reflection, short: true });
  expect(document.querySelector('p')!.textContent.trim()).toBe('First.\nThen.');
});
