import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show, takeDown } from '../../testing/screen';

const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
let hasSignal: boolean;
let server: PretendServer;
let tab: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  server.plugIn();
  hasSignal = true;
  server.faults = [
    ({ path }) => {
      const list = (items: unknown[]) => json(200, { items, next: null });
      if (path === '/api/cohorts') return list([ROWAN]);
      if (!hasSignal) return 'lost request';
      return path.endsWith('/people') ? list([ME, OTHER]) : null;
    },
  ];
  tab = await signedInTab();
  await (await import('../../i18n')).learn(['pulse', 'unsent']);
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
});

async function said(signed: boolean): Promise<string> {
  const { mount } = await import('svelte');
  const { default: NoteField } = await import('./NoteField.svelte');
  mount(NoteField, {
    target: document.body,
    props: { cohortId: 'rowan', note: '', signed, isSettled: false },
  });
  await settled();
  await settled();
  return document.body.textContent!.replace(/\s+/g, ' ');
}

test.each([
  [true, 'It has your name.'],
  [false, 'It has no name.'],
])('a line says who reads it, when, and how (signed: %s)', async (signed, how) => {
  expect(await said(signed)).toContain(
    `All 2 people in Rowan can read this line when the check-in closes. ${how} It shows only if five or more have answered.`,
  );
});

test('without the names of the others no number is promised', async () => {
  hasSignal = false;
  expect(await said(true)).toContain('Everyone in Rowan can read this line when the check-in');
});

const pulse = (id: string, month: number) => ({
  check_in_id: id,
  opened_at: `2026-0${month}-01T09:00:00Z`,
  closed_at: `2026-0${month}-08T09:00:00Z`,
  has_enough: false,
  like: null,
  words: null,
  notes: [],
});
const felt = (id: string, text: string, ...pulses: object[]) => ({
  commitment: { id, text },
  pulses,
});

test('the pulse reads on: earlier check-ins come when they are asked for', async () => {
  const pages = [
    { items: [felt('a', 'We listen first.', pulse('2', 5))], next: 'two', to_talk_about: [] },
    {
      items: [felt('a', 'We listen.', pulse('1', 3)), felt('b', 'We rest.', pulse('0', 2))],
      next: null,
      to_talk_about: [],
    },
  ];
  server.faults.unshift(({ path }) => {
    if (path.includes('/pulse')) return json(200, pages[path.includes('after=two') ? 1 : 0]);
    if (path.endsWith('/check-ins')) return json(200, { items: [], next: null });
    if (!path.endsWith('/contract')) return null;
    const commitments = ['a', 'b'].map((id, place) => ({ id, text: `${id}.`, why: '', place }));
    return json(200, { cohort_id: ROWAN.id, version: 2, commitments, reviews: [] });
  });
  const { mount } = await import('svelte');
  const { default: CohortPulse } = await import('./CohortPulse.svelte');
  mount(CohortPulse, { target: document.body, props: { cohort: ROWAN as never } });
  const shown = () => document.querySelectorAll('h4').length;
  await vi.waitFor(() => expect(shown()).toBe(1));
  expect(document.body.textContent).not.toContain('not been asked about this one');
  const more = [...document.querySelectorAll('button')].find((one) =>
    one.textContent!.includes('Show earlier check-ins'),
  )!;
  more.click();
  await vi.waitFor(() => expect(shown()).toBe(3));
  const { pulses } = await import('./pulses.svelte');
  expect(pulses.of(ROWAN.id).items).toMatchObject([
    {
      commitment: { text: 'We listen first.' },
      pulses: [{ check_in_id: '1' }, { check_in_id: '2' }],
    },
    { commitment: { text: 'We rest.' }, pulses: [{ check_in_id: '0' }] },
  ]);
  expect(document.body.textContent).not.toContain('Show earlier check-ins');
});

const checkIn = (change = {}) => ({
  id: 'one',
  cohort_id: ROWAN.id,
  commitment: { id: 'c', text: 'We listen to the end.' },
  opened_at: '2026-11-20T10:00:00Z',
  closes_at: '2099-01-01T00:00:00Z',
  closed_at: null,
  is_open: true,
  is_for_me: true,
  my_answer: null,
  ...change,
});

test('the pulse is drawn once: nothing pushes away what a finger goes for', async () => {
  const talked = { commitment: { id: 'a', text: 'We listen.' }, talked_at: null, talked_by: null };
  server.faults.unshift(({ path }) => {
    if (path.includes('/pulse'))
      return json(200, {
        items: [felt('a', 'We listen.', pulse('1', 5))],
        next: null,
        to_talk_about: [talked],
      });
    if (path.endsWith('/check-ins')) return json(200, { items: [checkIn()], next: null });
    if (!path.endsWith('/contract')) return null;
    const commitments = [{ id: 'a', text: 'We listen.', why: '', place: 0 }];
    return json(200, { cohort_id: ROWAN.id, version: 2, commitments, reviews: [] });
  });
  const said = () => document.body.textContent!;
  const open = async () => {
    const { default: CohortPulse } = await import('./CohortPulse.svelte');
    await show(CohortPulse, { cohort: ROWAN });
    await vi.waitFor(() => expect(said()).toMatch(/Open now.*To talk about/s));
    await settled();
  };
  await open();
  await takeDown();
  await signedInTab();
  await (await import('../../i18n')).learn(['pulse', 'unsent']);
  const drawn: string[] = [];
  const watch = new MutationObserver(() => drawn.push(said()));
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  await open();
  watch.disconnect();
  expect(drawn.filter((one) => one.includes('To talk about') && !one.includes('Open now'))).toEqual(
    [],
  );
});

const drafts = () => tab.session.phone.db.count('drafts');

/** An answer of this phone's, begun before the screen was opened. */
async function isBegun(said: object): Promise<void> {
  const draft = new tab.drafts.Draft('check-in/one');
  draft.save({ word: 'patchy', note: '', signed: true, wants_to_talk: false, ...said });
  await draft.flush();
}

test('a line that was begun for what has closed since is shown, and can be let go of', async () => {
  await isBegun({ note: 'Mondays are hard.' });
  server.faults.unshift(({ path }) =>
    path.endsWith('/check-ins/one') ? json(200, checkIn({ is_open: false })) : null,
  );
  await show((await import('./CheckIn.svelte')).default, { id: 'one' });
  const said = () => document.body.textContent!;
  await vi.waitFor(() => expect(said()).toMatch(/You had begun to write.*Mondays are hard\./s));
  const buttons = [...document.querySelectorAll('button')];
  buttons.find((button) => button.textContent!.includes('Delete it'))!.click();
  await vi.waitFor(async () => expect(await drafts()).toBe(0));
  expect(said()).not.toContain('Mondays are hard.');
});

test('a line that was begun to change an answer without one is there again', async () => {
  await isBegun({ note: 'Mondays are hard.' });
  const before = { word: 'patchy', note: '', signed: true, wants_to_talk: false };
  const props = { id: 'one', before: { ...before, state: 'safe', problem: null } };
  const { default: CheckInForm } = await import('./CheckInForm.svelte');
  await show(CheckInForm, { ...props, onkept: () => undefined });
  const box = () => document.querySelector('textarea');
  await vi.waitFor(() => expect(box()?.value).toBe('Mondays are hard.'));
});

test('a word chosen to change an answer is there again after leaving', async () => {
  const before = { word: 'living', note: '', signed: true, wants_to_talk: false };
  const { flushSync } = await import('svelte');
  const { default: CheckInForm } = await import('./CheckInForm.svelte');
  const open = async () => {
    const props = { id: 'one', before: { ...before, state: 'safe', problem: null } };
    await show(CheckInForm, { ...props, onkept: () => undefined });
    await settled();
  };
  const chosen = () => document.querySelector<HTMLInputElement>('input[type=radio]:checked')?.value;
  await open();
  document.querySelector<HTMLInputElement>('input[value=drifted]')!.click();
  flushSync();
  await settled();
  await takeDown();
  await tab.drafts.flushDrafts();
  expect(await drafts()).toBe(1);
  await open();
  await vi.waitFor(() => expect(chosen()).toBe('drifted'));
});
