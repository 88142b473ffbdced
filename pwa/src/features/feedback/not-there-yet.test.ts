import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import type { FeedbackRequestOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../../testing/pretend-tab';
import { given, someRequest } from '../../testing/some-feedback';
import { show } from '../../testing/screen';

/** Without signal nobody else has anything yet, and no screen says that they do. */
const COHORT = { id: 'rowan', name: 'Rowan', my_role: 'member' };
const WORDS = { noticed: 'You waited.', landed: '', wonder: '' };
let asked: FeedbackRequestOut[];
let hasSignal: boolean;
const one = () => import('./OneFeedback.svelte');

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  asked = [];
  hasSignal = true;
  const list = (items: unknown[]) => json(200, { items, next: null });
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return list([COHORT]);
      if (path.endsWith('/people')) return list([ME, OTHER]);
      if (path.endsWith('/balance')) return json(200, { asked: 0, been_asked: 0 });
      if (!hasSignal) return 'lost request';
      return path.startsWith('/api/feedback-')
        ? list(path.includes('direction=asked') ? asked : [])
        : null;
    },
  ];
  const phone = await signedInTab();
  phone.session.person = ME as typeof phone.session.person;
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  // Where there is signal it says that it is on its way (unsent/waits.test.ts).
  phone.connection.isReached = false;
  await (await import('../../i18n')).learn(['feedback', 'feedback_lines', 'mine', 'unsent']);
  await one();
});

const feedback = async () => (await import('./feedback.svelte')).feedback;

async function said(screen: () => Promise<{ default: Component<any> }>, props = {}) {
  await show((await screen()).default, props);
  await settled();
  await settled();
  return document.body.textContent!.replace(/\s+/g, ' ');
}

test.each([
  ['on its own screen', one],
  ['among the others', () => import('./Received.svelte')],
])('what I asked is not with anybody before it is sent: %s', async (_where, screen) => {
  const cohort_id = 'rowan';
  const ask = { cohort_id, question: 'And?', context: '', reflection_id: null, by_when: 'no_rush' };
  const id = await (await feedback()).ask({ ...ask, asked: [OTHER] });
  const words = await said(screen, { id });
  expect(words).toContain('Goes to Björn when there is signal.');
  expect(words).not.toContain('Waiting for Björn.');
});

test('what I offered waits for no yes before it is sent', async () => {
  const id = await (await feedback()).offer('rowan', OTHER, 'The meeting.');
  const words = await said(one, { id });
  expect(words).toContain('Goes to Björn when there is signal.');
  expect(words).not.toContain('Waits for a yes');
});

test.each([
  ['not sent', {}, true, 'Only you and Björn will see this.'],
  [
    'sent a minute ago',
    { fixed_at: '2099-01-01T00:00:00Z' },
    false,
    'Only you and Björn will see this.',
  ],
  ['theirs to open', { is_fixed: true }, false, 'Only you and Björn can read this.'],
])('my answer, %s', async (_when, change, isHere, words) => {
  const state = isHere ? 'asked' : 'answered';
  const piece = given({ state, ...(isHere ? {} : WORDS), ...change });
  asked = [someRequest({ asker: OTHER, mine: false, feedback: [piece] })];
  const store = await feedback();
  await store.load();
  const thread = store.find('ask')!;
  if (isHere) await store.answer(thread, thread.pieces[0]!, WORDS);
  const all = await said(one, { id: 'ask' });
  expect(all).toContain(words);
  expect(all.match(/Only you and Björn/g)).toHaveLength(1);
});

test.each([
  ['on its own screen', one],
  ['where it is changed', () => import('./Ask.svelte')],
])(
  'what is begun for an ask that nobody could be asked about is not let go of: %s',
  async (_, screen) => {
    const [{ askKey }, { Draft, flushDrafts }, { router }] = await Promise.all([
      import('./begun'),
      import('../../store/drafts'),
      import('../../core/router.svelte'),
    ]);
    router.replace('/feedback/ask?change=gone');
    new Draft(askKey('gone')).save({ question: 'My own words?' });
    await flushDrafts();
    hasSignal = false;
    const without = await said(screen, { id: 'gone' });
    expect(without).toContain('this phone has not heard of it yet');
    expect(without).not.toContain('My own words?');
    expect(without).not.toContain('not here any more');
    hasSignal = true;
    await (await feedback()).load();
    await vi.waitFor(() => expect(document.body.textContent).toContain('My own words?'));
  },
);
