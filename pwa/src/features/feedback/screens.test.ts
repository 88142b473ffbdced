import { beforeEach, expect, test, vi } from 'vitest';
import type { Component } from 'svelte';
import type { FeedbackOut, FeedbackRequestOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';
import { someReflection } from '../../testing/some-reflection';
import { given, somePiece, someRequest } from '../../testing/some-feedback';
import { show, takeDown } from '../../testing/screen';

const COHORT = { id: 'rowan', name: 'Rowan', my_role: 'member' };
let phone: Tab;
let attached: unknown;
let lists: { asking: FeedbackRequestOut[]; asked: FeedbackRequestOut[]; offers: FeedbackOut[] };

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  attached = null;
  lists = { asking: [], asked: [], offers: [] };
  const list = (items: unknown[]) => json(200, { items, next: null });
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return list([COHORT]);
      if (path.endsWith('/people')) return list([ME, OTHER]);
      if (path.endsWith('/balance')) return json(200, { asked: 1, been_asked: 2 });
      if (path.includes('/feedback-offers')) return list(lists.offers);
      if (path.startsWith('/api/reflections/r') && attached) return json(200, attached);
      if (path.includes('direction=asking')) return list(lists.asking);
      return path.includes('direction=asked') ? list(lists.asked) : null;
    },
  ];
  phone = await signedInTab();
  phone.session.person = ME as typeof phone.session.person;
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

function request(feedback: FeedbackOut, change: Partial<FeedbackRequestOut> = {}) {
  const mine = feedback.i_am === 'receiver';
  const question = 'What did you notice when I chaired?';
  const asker = mine ? ME : OTHER;
  return someRequest({ asker, question, mine, feedback: [feedback], ...change });
}

async function shows(
  screen: () => Promise<{ default: Component<any> }>,
  props: Record<string, unknown>,
  words: string | RegExp,
): Promise<string> {
  const { default: Screen } = await screen();
  const { learn } = await import('../../i18n');
  await learn(['activity', 'feedback', 'feedback_lines', 'mine', 'unsent']);
  await show(Screen, props);
  await vi.waitFor(() => expect(document.body.textContent).toMatch(words));
  return document.body.textContent!;
}

const withdrawn = () =>
  request(given({ state: 'withdrawn', ...WORDS, answered_at: '2026-11-22T12:00:00Z' }), {
    question: '',
  });

const one = () => import('./OneFeedback.svelte');
const WORDS = { noticed: 'You waited.', landed: 'Calm.', wonder: 'Who else?', version: 1 };

test.each<[string, () => void, RegExp]>([
  [
    'asked of me',
    () => lists.asked.push(request(given())),
    /Björn asks you for feedback.*Only you and Björn will see this\..*Send to Björn/s,
  ],
  [
    'faded',
    () => lists.asked.push(request(given({ fades_at: '2026-01-01T00:00:00Z' }))),
    /This is from a while ago, and nobody is waiting/,
  ],
  [
    'answered by me',
    () =>
      lists.asked.push(
        request(given({ state: 'answered', ...WORDS, fixed_at: '2099-01-01T09:10:00Z' })),
      ),
    /You waited\..*Only you and Björn will see this\..*change it or take it back until \d\d:\d\d\. .*Björn can open it.*Change it/s,
  ],
  [
    'fixed',
    () => lists.asked.push(request(given({ state: 'answered', ...WORDS, is_fixed: true }))),
    /You waited\..*It stays as it is now.*I agree that it may be passed on/s,
  ],
  [
    'thanked for',
    () =>
      lists.asked.push(
        request(given({ state: 'thanked', ...WORDS, heard: 'Wait.', wants_to_talk: true })),
      ),
    /Björn said back.*can we talk\?/s,
  ],
  [
    'declined by me',
    () => lists.asked.push(request(given({ state: 'declined', declined_how: 'not_now' }))),
    /You wrote:.*not the moment for me/s,
  ],
  [
    'withdrawn after I had answered',
    () => lists.asked.push(withdrawn()),
    /Words you wrote for Björn.*Björn withdrew this before your words reached them\. Only you can see what you wrote\..*You waited\..*Keep them as a reflection of mine.*Delete it/s,
  ],
  [
    'with somebody',
    () => lists.asking.push(request(somePiece())),
    /Only you and Björn can read this\..*Waiting for Björn\..*Remind Björn once/s,
  ],
  [
    'with two',
    () =>
      lists.asking.push(
        request(somePiece(), {
          feedback: [somePiece(), somePiece({ id: 'p2', giver: { id: 'cleo', name: 'Cleo' } })],
        }),
      ),
    /Only you, Björn and Cleo can read this\./,
  ],
  [
    'reminded once',
    () => lists.asking.push(request(somePiece({ was_reminded: true }))),
    /You reminded Björn once/,
  ],
  [
    'closed',
    () => lists.asking.push(request(somePiece({ state: 'answered', is_fixed: true }))),
    /Open it when you are ready/,
  ],
  [
    'open',
    () => lists.asking.push(request(somePiece({ state: 'opened', ...WORDS }))),
    /What I noticed.*You waited\..*Only you and Björn can read this.*Only you and Björn will see this\..*Thank Björn/s,
  ],
  [
    'declined by the other',
    () => lists.asking.push(request(somePiece({ state: 'declined', declined_how: 'rather_talk' }))),
    /Björn wrote:.*I would rather talk/s,
  ],
  [
    'offered to me',
    () =>
      lists.offers.push(somePiece({ id: 'ask', request_id: null, state: 'offered', about: 'x' })),
    /would like to offer you feedback about.*Only you and Björn can read this\..*Yes, please/s,
  ],
  [
    'welcomed, mine to write',
    () => lists.offers.push(given({ id: 'ask', request_id: null, state: 'welcomed', about: 'x' })),
    /Björn would welcome it.*Send to Björn/s,
  ],
  ['gone', () => undefined, /It is not here any more/],
])('one that is %s', async (_what, lay, words) => {
  lay();
  await shows(one, { id: 'ask' }, words);
});

test.each([
  [true, true],
  [true, false],
  [false, true],
])(
  'it is passed on only with a yes of both (%s, %s)',
  async (giver_passes_on, receiver_passes_on) => {
    const agreed = { giver_passes_on, receiver_passes_on };
    lists.asking.push(request(somePiece({ state: 'thanked', ...WORDS, ...agreed })));
    const said = await shows(one, { id: 'ask' }, /Passing it on/);
    expect(said.includes('Pass it on')).toBe(giver_passes_on && receiver_passes_on);
  },
);

test('nobody is told by a screen when their answer was opened', async () => {
  lists.asked.push(request(given({ state: 'answered', ...WORDS })));
  const said = await shows(one, { id: 'ask' }, /You waited/);
  expect(said).not.toMatch(/(?<!until Björn )open(ed|s)\b|read it|seen/i);
});

test.each<[string, () => Promise<{ default: Component<any> }>, RegExp]>([
  [
    'the front',
    () => import('./Feedback.svelte'),
    /Nobody is waiting.*Ask for feedback.*You have asked once and have been asked 2 times/s,
  ],
  ['received', () => import('./Received.svelte'), /What others give you will be here/],
  ['given', () => import('./Given.svelte'), /What you give others will be here/],
  ['asking', () => import('./Ask.svelte'), /What would you like feedback on\?.*Björn/s],
  ['offering', () => import('./Offer.svelte'), /Would feedback be welcome\?.*Björn/s],
])('%s, while nothing has passed', async (_what, screen, words) => {
  await shows(screen, {}, words);
});

/** Words of this phone's, begun before the screen was opened. */
async function isBegun(key: string, value: unknown) {
  const { Draft } = await import('../../store/drafts');
  const draft = new Draft(key);
  draft.save(value);
  await draft.flush();
}

const asked = { question: 'How was it?', asked: [OTHER.id], cohortId: 'rowan' };

test.each<[string, () => Promise<{ default: Component<any> }>, string, unknown]>([
  ['an ask', () => import('./Ask.svelte'), 'feedback/ask', asked],
  [
    'an offer',
    () => import('./Offer.svelte'),
    'feedback/offer',
    { about: 'The round', chosen: [OTHER.id] },
  ],
])('%s says who alone will see it, before it is sent', async (_what, screen, key, begun) => {
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
  await isBegun(key, begun);
  await shows(screen, {}, /Only you and Björn will see this\./);
});

test('who else can read the reflection that came with an ask stands beneath it', async () => {
  attached = someReflection({
    id: 'r',
    author: OTHER,
    text: 'We paused.',
    shared_with: [ME],
    mine: false,
  });
  lists.asked.push(request(given(), { reflection_id: 'r' }));
  await shows(one, { id: 'ask' }, /We paused\..*You can see this\./s);
});

test('a reflection of mine that goes with an ask is looked through for patients', async () => {
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
  const { blankDraft } = await import('../reflections/keeping');
  const { reflections } = await import('../reflections/reflections.svelte');
  const { id } = await reflections.keep({ ...blankDraft(), text: 'Mary Jones, 943 476 5919.' });
  await isBegun('feedback/ask', { ...asked, reflectionId: id });
  await shows(
    () => import('./Ask.svelte'),
    {},
    /The reflection that goes with it.*943 476 5919” looks/s,
  );
});

test.each([
  ['asking', '/feedback/ask?to=' + OTHER.id + '&starter=2', () => import('./Ask.svelte')],
  ['offering', '/feedback/offer?to=' + OTHER.id, () => import('./Offer.svelte')],
])('%s: whoever only opened the form has begun nothing', async (_what, path, screen) => {
  const { router } = await import('../../core/router.svelte');
  router.replace(path);
  await shows(screen, {}, 'Björn');
  const { settled } = await import('../../testing/pretend-tab');
  await settled();
  const { flushDrafts } = await import('../../store/drafts');
  await flushDrafts();
  const { session } = await import('../../store/session.svelte');
  expect(await session.phone.db.count('drafts')).toBe(0);
});

test('an ask whose words changed elsewhere says so to whoever had begun to change them here', async () => {
  const asked = (question: string) =>
    request(somePiece({ id: 'p2', state: 'asked' }), { id: 'mine', question });
  const { router } = await import('../../core/router.svelte');
  const { tick } = await import('svelte');
  router.replace('/feedback/ask?change=mine');
  lists.asking = [asked('How was it?')];
  await shows(() => import('./Ask.svelte'), {}, 'Björn');
  const box = () => document.querySelector('textarea')!;
  await vi.waitFor(() => expect(box()?.value).toBe('How was it?'));
  // A draft begins when it is known that there was none.
  await vi.waitFor(async () => {
    box().value = 'How was it really?';
    box().dispatchEvent(new Event('input', { bubbles: true }));
    await tick();
    expect(await phone.session.phone.db.count('drafts')).toBe(1);
  });
  await takeDown();
  const { feedback } = await import('./feedback.svelte');
  // What was asked for before is here.
  await feedback.load();
  lists.asking = [asked('What did you see?')];
  await feedback.load();
  await shows(() => import('./Ask.svelte'), {}, 'This was changed in two places');
  expect(box().value).toBe('How was it really?');
});

test('what I wrote for an ask that was withdrawn stands among what I gave', async () => {
  lists.asked.push(withdrawn());
  const said = await shows(() => import('./Given.svelte'), {}, /What you gave/);
  expect(said).toMatch(/Words you wrote for Björn.*You waited\..*Only you can see what you wrote/s);
});

const halfAnAnswer = { words: { noticed: 'Or rather.', landed: '', wonder: '' }, held: [] };

test.each([
  ['that was withdrawn', withdrawn],
  ['that stays as it is', () => request(given({ state: 'answered', ...WORDS, is_fixed: true }))],
])('half a change of an answer %s is shown too', async (_what, lay) => {
  lists.asked.push(lay());
  await isBegun('feedback/answer/ask', halfAnAnswer);
  await shows(one, { id: 'ask' }, /You waited\..*You had begun to write.*Or rather\./s);
});

test('of half an answer to what is gone each part is named', async () => {
  const words = { ...halfAnAnswer.words, wonder: 'Who else?' };
  await isBegun('feedback/answer/ask', { ...halfAnAnswer, words });
  await shows(
    one,
    { id: 'ask' },
    /You had begun to write.*Or rather\..*Something to wonder about.*Who else\?/s,
  );
});

const halfAChange = { question: 'How was it really?', setAside: '', context: 'On Monday.' };

test.each<[string, () => Promise<{ default: Component<any> }>, () => void]>([
  ['gone', one, () => undefined],
  ['gone, where one was changing it', () => import('./Ask.svelte'), () => undefined],
  ['answered', one, () => lists.asking.push(request(somePiece({ state: 'answered' })))],
])(
  'half a change of an ask that is %s is shown, and can be let go of',
  async (_what, screen, lay) => {
    const { router } = await import('../../core/router.svelte');
    router.replace('/feedback/ask?change=ask');
    lay();
    await isBegun('feedback/ask/ask', halfAChange);
    const words = /You had begun to write.*How was it really\?\s+On Monday\./s;
    await shows(screen, { id: 'ask' }, words);
    const buttons = [...document.querySelectorAll('button')];
    buttons.find((button) => button.textContent!.includes('Delete it'))!.click();
    await vi.waitFor(() => expect(document.body.textContent).not.toContain('How was it really?'));
    const { session } = await import('../../store/session.svelte');
    await vi.waitFor(async () => expect(await session.phone.db.count('drafts')).toBe(0));
  },
);

test('letting go of it leaves nothing', async () => {
  lists.asked.push(withdrawn());
  await shows(one, { id: 'ask' }, /Delete it/);
  const buttons = [...document.querySelectorAll('button')];
  buttons.find((button) => button.textContent!.includes('Delete it'))!.click();
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('You waited.'));
});

test('what waits for me stands first', async () => {
  lists.asked.push(request(given()));
  lists.asking.push(request(somePiece({ id: 'p2', state: 'answered' }), { id: 'other' }));
  const said = await shows(() => import('./Feedback.svelte'), {}, /For you to answer/);
  expect(said).toMatch(/For you to answer.*To open when you are ready.*Ask for feedback/s);
});
