import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../testing/pretend-tab';
import { show, takeDown } from '../testing/screen';

/** Whoever only looked, or took back what they chose, has begun nothing: signing out warns of nothing of theirs. */
const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
let tab: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return json(200, { items: [ROWAN], next: null });
      return path.endsWith('/people') ? json(200, { items: [ME, OTHER], next: null }) : null;
    },
  ];
  tab = await signedInTab();
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  await (
    await import('../i18n')
  ).learn(['mine', 'feedback', 'feedback_lines', 'cohorts', 'me', 'unsent', 'joining']);
  await (await import('./cohorts/cohorts.svelte')).cohorts.load();
});

async function put(Screen: Component<any>, props: Record<string, unknown>): Promise<void> {
  await show(Screen, props);
  await settled();
}

/** How many texts signing out would warn of, once the screen has been left. */
async function left(): Promise<number> {
  await takeDown();
  await tab.drafts.flushDrafts();
  await settled();
  return tab.session.phone.db.count('drafts');
}

async function write(text: string): Promise<void> {
  const { flushSync } = await import('svelte');
  const [box] = document.querySelectorAll('textarea');
  box!.value = text;
  box!.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  await settled();
}

const asking = async () =>
  put((await import('./feedback/AskForm.svelte')).default, { changing: null });
const offering = async () => put((await import('./feedback/Offer.svelte')).default, {});

test.each<[string, string, () => Promise<void>, number]>([
  ['asking in my own words', '/feedback/ask', asking, 0],
  // One's own words were set aside for the beginning, and are still there.
  ['asking with a beginning', '/feedback/ask?starter=1', asking, 1],
  ['asking somebody', `/feedback/ask?to=${OTHER.id}`, asking, 0],
  ['offering somebody feedback', `/feedback/offer?to=${OTHER.id}`, offering, 0],
])('%s: looked at, written in, and emptied', async (_what, address, open, after) => {
  const { router } = await import('../core/router.svelte');
  router.replace(address);
  await open();
  expect(await left()).toBe(0);
  await open();
  await write('When I chaired on Monday');
  expect(await left()).toBe(1);
  await open();
  await write('');
  expect(await left()).toBe(after);
});

test('a reflection that is opened to be changed', async () => {
  const { reflections } = tab;
  const { blankDraft } = await import('./reflections/keeping');
  const { id } = await reflections.keep({ ...blankDraft(), text: 'I listened.', areas: ['team'] });
  const { default: EditReflection } = await import('./reflections/EditReflection.svelte');
  const open = () =>
    put(EditReflection, { reflection: reflections.find(id), onclose: () => undefined });
  await open();
  expect(await left()).toBe(0);
  await open();
  await write('I listened longer.');
  expect(await left()).toBe(1);
  await open();
  await write('I listened.');
  expect(await left()).toBe(0);
});

test('a way to respond that is chosen and let go of', async () => {
  const { Responses } = await import('./responses/responses.svelte');
  const { default: RespondForm } = await import('./responses/RespondForm.svelte');
  await put(RespondForm, { responses: new Responses('one'), readers: { audience: 'me' } });
  const [way] = document.querySelectorAll<HTMLElement>('.chip, form button, form input');
  way!.click();
  await settled();
  way!.click();
  await settled();
  expect(await left()).toBe(0);
});

test('a line of the profile that is put back as it was', async () => {
  const profile = { ...ME, matters: 'Rest.', brings: '', curious_about: '', time_zone: 'Etc/UTC' };
  const { default: ProfileForm } = await import('./me/ProfileForm.svelte');
  await put(ProfileForm, { profile });
  await write('Rest, and tea.');
  await write('Rest.');
  expect(await left()).toBe(0);
});

test('what I need from a group, written and deleted', async () => {
  const { Joining } = await import('./joining/joining.svelte');
  const { default: AnythingNeeded } = await import('./joining/AnythingNeeded.svelte');
  const welcome = { cohort: ROWAN, people: 2 };
  await put(AnythingNeeded, { joining: new Joining('token'), cohortId: 'rowan', welcome });
  await write('Quiet');
  await write('');
  expect(await left()).toBe(0);
});

test("somebody's wording that I came to use and left alone", async () => {
  const { Suggesting } = await import('./proposals/suggesting.svelte');
  const suggesting = new Suggesting('rowan', [], { words: 'We pause.' });
  await suggesting.restore();
  suggesting.remember();
  suggesting.leave();
  expect(await left()).toBe(0);
});
