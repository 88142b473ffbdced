import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../testing/pretend-tab';
import { somePiece, someRequest } from '../testing/some-feedback';
import { someProposal } from '../testing/some-proposal';
import { show } from '../testing/screen';

/** What others get is not "kept": the button that hands it to them says whom it reaches. */
const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
const CHECK_IN = {
  id: 'one',
  cohort_id: 'rowan',
  commitment: { id: 'c', text: 'We listen to the end' },
  opened_at: '2026-11-20T10:00:00Z',
  closes_at: '2099-01-01T00:00:00Z',
  closed_at: null,
  is_open: true,
  is_for_me: true,
  my_answer: null,
};
let tab: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  const list = (items: unknown[]) => json(200, { items, next: null });
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return list([ROWAN]);
      if (path.endsWith('/people')) return list([ME, OTHER]);
      if (path.includes('direction=asked')) return list([]);
      if (path.includes('direction=asking')) return list([mine()]);
      if (path.endsWith('/check-ins')) return list([CHECK_IN]);
      return path.includes('/feedback-offers') ? list([]) : null;
    },
  ];
  tab = await signedInTab();
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  const { learn } = await import('../i18n');
  await learn([
    'cohorts',
    'feedback',
    'feedback_lines',
    'prompts',
    'proposals',
    'pulse',
    'mine',
    'unsent',
  ]);
  await (await import('./cohorts/cohorts.svelte')).cohorts.load();
});

const mine = () =>
  someRequest({ asker: ME, mine: true, question: 'And?', feedback: [somePiece({ giver: OTHER })] });

async function saysOf(Screen: Component<any>, props: Record<string, unknown>): Promise<string> {
  await show(Screen, props);
  await settled();
  return document.querySelector('button[type=submit]')!.textContent!.trim();
}

test.each([
  [{}, 'Share with Rowan'],
  [
    { before: { id: 'one', text: 'Who?', areas: [], depth: 'bold' } },
    'Share the change with Rowan',
  ],
])('a question of the cohort: %o', async (before, says) => {
  const { default: QuestionSheet } = await import('./convening/QuestionSheet.svelte');
  expect(await saysOf(QuestionSheet, { open: true, cohort: ROWAN, ...before })).toBe(says);
});

test('what I asked, in other words', async () => {
  const { feedback } = await import('./feedback/feedback.svelte');
  await feedback.load();
  const changing = feedback.find(mine().id);
  const { default: AskForm } = await import('./feedback/AskForm.svelte');
  expect(await saysOf(AskForm, { changing })).toBe('Share the change with Björn');
});

test('what I suggested, in other words', async () => {
  const { laidOver, NOTHING_KEPT } = await import('./proposals/laid-over');
  const changing = laidOver(someProposal({ mine: true, proposer: ME }), 'one', NOTHING_KEPT, ME)!;
  const { default: SuggestForm } = await import('./proposals/SuggestForm.svelte');
  const props = { cohort: ROWAN, commitments: [], beginning: { changing } };
  expect(await saysOf(SuggestForm, props)).toBe('Share the change with Rowan');
});

test.each([
  ['', 'Give my answer'],
  ['We rush on Tuesdays.', 'Give my answer, and share the line with Rowan'],
])('a check-in with the line %j', async (note, says) => {
  const { checkIns } = await import('./pulse/check-ins.svelte');
  await checkIns.loadOf('rowan');
  const { default: CheckInForm } = await import('./pulse/CheckInForm.svelte');
  const before = { word: 'patchy', note, signed: false, wants_to_talk: false, state: 'safe' };
  expect(await saysOf(CheckInForm, { id: 'one', before, onkept: () => undefined })).toBe(says);
});

test('after it, a line of mine is not called unseen for ever', async () => {
  const { default: MyCheckInAnswer } = await import('./pulse/MyCheckInAnswer.svelte');
  const answer = { word: 'patchy', note: 'We rush.', signed: true, wants_to_talk: false };
  await show(MyCheckInAnswer, { answer: { ...answer, state: 'safe' } });
  expect(document.body.textContent).toContain('then everyone can read your line');
});
