import { beforeEach, expect, test, vi } from 'vitest';
import type { FeedbackOut, FeedbackRequestOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer, refusal, type Seen } from '../../store/pretend-server';
import { newPhone, signedInTab, type Tab } from '../../store/pretend-tab';

const CLEO = { id: '0192cccc-0000-7000-8000-000000000003', name: 'Cleo' };
let server: PretendServer;
let phone: Tab;
let answer: (seen: Seen) => Response | 'lost request' | 'lost answer' | null;
let lists: { asking: FeedbackRequestOut[]; asked: FeedbackRequestOut[]; offers: FeedbackOut[] };

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  lists = { asking: [], asked: [], offers: [] };
  answer = () => null;
  server.faults = [
    (seen) => (seen.path.includes('/feedback') ? (answer(seen) ?? listed(seen)) : null),
  ];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

function listed({ method, path }: Seen): Response | null {
  if (method !== 'GET') return null;
  if (path.endsWith('/balance')) return json(200, { asked: 1, been_asked: 2 });
  if (path.includes('offers')) return json(200, { items: lists.offers, next: null });
  const items = path.includes('direction=asking') ? lists.asking : lists.asked;
  return json(200, { items, next: null });
}

const noSignal = () => 'lost request' as const;

function piece(change: Partial<FeedbackOut> = {}): FeedbackOut {
  return {
    id: 'piece',
    request_id: 'ask',
    cohort_id: 'rowan',
    giver: OTHER,
    receiver: ME,
    i_am: 'receiver',
    state: 'asked',
    has_faded: false,
    about: '',
    noticed: '',
    landed: '',
    wonder: '',
    declined_how: null,
    thanks: '',
    heard: '',
    wants_to_talk: false,
    giver_passes_on: false,
    receiver_passes_on: false,
    begun_at: new Date().toISOString(),
    fades_at: '2099-01-01T00:00:00Z',
    was_reminded: false,
    answered_at: null,
    opened_at: null,
    version: 0,
    ...change,
  };
}

const giving = (change: Partial<FeedbackOut> = {}) =>
  piece({ i_am: 'giver', giver: ME, receiver: OTHER, ...change });

function request(change: Partial<FeedbackRequestOut> = {}): FeedbackRequestOut {
  return {
    id: 'ask',
    cohort_id: 'rowan',
    asker: ME,
    question: 'What did you notice?',
    context: '',
    reflection_id: null,
    by_when: 'no_rush',
    created_at: '2026-11-20T10:00:00Z',
    changed_at: '2026-11-20T10:00:00Z',
    version: 1,
    mine: true,
    feedback: [piece()],
    ...change,
  };
}

const ASK = {
  cohort_id: 'rowan',
  question: ' What did you notice? ',
  context: '',
  reflection_id: null,
  by_when: 'no_rush',
  asked: [OTHER],
};
const WORDS = { noticed: 'You waited.', landed: '', wonder: '' };

async function opened() {
  const { feedback } = await import('./feedback.svelte');
  await feedback.load();
  return feedback;
}

const drain = () => phone.outbox.drain(true);
const rows = () => phone.session.phone.db.getAll('outbox');
const writes = () => server.writes().filter(({ path }) => path.includes('/feedback'));
/** The server does what it is asked; its answers are made from what it was sent. */
function obliging({ method, path, body }: Seen): Response | null {
  if (method === 'GET') return null;
  if (method === 'DELETE') return new Response(null, { status: 204 });
  const id = path.split('/')[3]!;
  if (path.endsWith('/answer'))
    return json(201, giving({ request_id: id, state: 'answered', version: 1, ...body }));
  if (path.includes('offers/'))
    return json(
      201,
      giving({ id, request_id: null, state: 'offered', about: String(body!.about) }),
    );
  if (method === 'PUT') return json(201, request({ ...(body as object), id }));
  return null;
}

test('an ask is there at once, waiting, and travels as it was meant', async () => {
  answer = noSignal;
  const feedback = await opened();
  const id = await feedback.ask(ASK);
  expect(feedback.find(id)).toMatchObject({
    words: 'What did you notice?',
    sending: 'waiting',
    isMine: true,
  });
  expect(feedback.places.with_others).toHaveLength(1);
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    method: 'PUT',
    path: `/api/feedback-requests/${id}`,
    body: {
      question: 'What did you notice?',
      asked: [OTHER.id],
      by_when: 'no_rush',
      reflection_id: null,
    },
    headers: { 'If-None-Match': '*' },
  });
  expect(await rows()).toEqual([]);
});

test('an ask survives a reload before there was signal', async () => {
  answer = noSignal;
  const id = await (await opened()).ask(ASK);
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  expect((await opened()).find(id)).toMatchObject({ sending: 'waiting' });
});

test('somebody with a lot on: the ask stays here, with who has room', async () => {
  const feedback = await opened();
  const id = await feedback.ask(ASK);
  answer = ({ method }) =>
    method === 'PUT' ? refusal(409, 'has_a_lot_on', { busy: [OTHER.id], others: [CLEO] }) : null;
  await drain();
  await feedback.load();
  expect(feedback.troubled).toMatchObject([
    {
      id,
      sending: 'parked',
      problem: { reason: 'has_a_lot_on', busy: [OTHER.id], others: [CLEO] },
    },
  ]);
  await feedback.ask({ ...ASK, asked: [CLEO] }, id);
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    path: `/api/feedback-requests/${id}`,
    body: { asked: [CLEO.id] },
  });
});

test('an answer waits, is sent, and its lost answer does not send it twice', async () => {
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [giving()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  expect(feedback.places.answer).toHaveLength(1);
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  expect(feedback.find('ask')!.pieces[0]).toMatchObject({
    state: 'answered',
    noticed: 'You waited.',
  });
  answer = ({ method }) => (method === 'PUT' ? 'lost answer' : null);
  await drain();
  answer = ({ method }) =>
    method === 'PUT' ? json(200, giving({ state: 'answered', version: 1, ...WORDS })) : null;
  await drain();
  expect(await rows()).toEqual([]);
});

test('changing an answer that a list showed names the version one was looking at', async () => {
  const stored = giving({ state: 'answered', version: 3, ...WORDS });
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [stored] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, { ...WORDS, noticed: 'You waited long.' });
  answer = obliging;
  await drain();
  expect(writes()[0]!.headers).toMatchObject({ 'If-Match': '"3"' });
});

test('412 keeps both texts, and the author chooses', async () => {
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [giving()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  const current = giving({ state: 'answered', noticed: 'From my desk.', version: 1 });
  answer = ({ method }) =>
    method === 'PUT' ? refusal(412, 'changed_elsewhere', { current }) : null;
  await drain();
  await feedback.load();
  expect(feedback.find('ask')!.pieces[0]!.answer).toMatchObject({
    sending: 'conflict',
    noticed: 'You waited.',
    theirs: { noticed: 'From my desk.' },
  });
  await feedback.choose('feedback_answers', 'ask', 'mine');
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    headers: { 'If-Match': '"1"' },
    body: { noticed: 'You waited.' },
  });
});

test('an answer taken back elsewhere is no other text: mine simply follows', async () => {
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [giving()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  let tries = 0;
  answer = (seen) => {
    if (seen.method !== 'PUT') return null;
    tries += 1;
    return tries === 1
      ? refusal(412, 'changed_elsewhere', { current: giving({ version: 2 }) })
      : obliging(seen);
  };
  await drain();
  expect(writes().at(-1)!.headers).toMatchObject({ 'If-Match': '"2"' });
  expect(await rows()).toEqual([]);
});

test.each(['withdrawn', 'opened'])('409 %s leaves the words here', async (reason) => {
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [giving()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  answer = ({ method }) => (method === 'PUT' ? refusal(409, reason) : null);
  lists.asked = [];
  await drain();
  await feedback.load();
  expect(feedback.orphans).toMatchObject([
    {
      id: 'ask',
      noticed: 'You waited.',
      sending: 'parked',
      problem: { reason },
      to: { name: OTHER.name },
    },
  ]);
  await feedback.letGo('feedback_answers', 'ask');
  expect(feedback.orphans).toEqual([]);
});

test.each([
  ['decline', { how: 'not_now' }, (f: Opened) => f.decline(f.find('ask')!.pieces[0]!, 'not_now')],
  ['reminder', {}, (f: Opened) => f.remind(f.find('ask')!.pieces[0]!)],
  [
    'thanks',
    { text: 'Thank you.', heard: '', wants_to_talk: true },
    (f: Opened) =>
      f.thank(f.find('ask')!.pieces[0]!, { text: 'Thank you. ', heard: '', wants_to_talk: true }),
  ],
  ['passing-on', { agrees: true }, (f: Opened) => f.agreeToPassOn(f.find('ask')!.pieces[0]!, true)],
])('%s is kept without signal and sent once', async (step, body, act) => {
  lists.asking = [request()];
  const feedback = await opened();
  answer = noSignal;
  await act(feedback);
  await drain();
  expect(await rows()).toMatchObject([{ kind: 'feedback_acts', state: 'waiting' }]);
  answer = ({ method }) => (method === 'POST' ? json(200, piece()) : null);
  await drain();
  expect(writes().at(-1)).toMatchObject({
    method: 'POST',
    path: `/api/feedback-requests/piece/${step}`,
    body,
  });
  expect(await rows()).toEqual([]);
});
type Opened = Awaited<ReturnType<typeof opened>>;

test('an answer about somebody else’s piece is no success', async () => {
  lists.asking = [request()];
  const feedback = await opened();
  await feedback.remind(feedback.find('ask')!.pieces[0]!);
  answer = ({ method }) => (method === 'POST' ? json(200, piece({ id: 'another' })) : null);
  await drain();
  expect(await rows()).toHaveLength(1);
});

test('yes to an offer goes where offers live', async () => {
  lists.offers = [
    piece({ id: 'offer', request_id: null, state: 'offered', about: 'The handover.' }),
  ];
  const feedback = await opened();
  expect(feedback.places.answer).toHaveLength(1);
  await feedback.welcome(feedback.find('offer')!.pieces[0]!);
  answer = ({ method }) =>
    method === 'POST'
      ? json(200, piece({ id: 'offer', request_id: null, state: 'welcomed' }))
      : null;
  await drain();
  expect(writes().at(-1)!.path).toBe('/api/feedback-offers/offer/welcome');
});

test('opening without signal opens nothing, and says so', async () => {
  lists.asking = [request({ feedback: [piece({ state: 'answered' })] })];
  const feedback = await opened();
  answer = noSignal;
  expect((await feedback.open(feedback.find('ask')!.pieces[0]!)).kind).toBe('unreachable');
  expect(feedback.places.open).toHaveLength(1);
  expect(await rows()).toEqual([]);
});

test('what was opened can be read without signal from then on', async () => {
  lists.asking = [request({ feedback: [piece({ state: 'answered' })] })];
  let feedback = await opened();
  answer = ({ method }) =>
    method === 'POST'
      ? json(200, piece({ state: 'opened', noticed: 'You waited.', version: 1 }))
      : 'lost request';
  await feedback.open(feedback.find('ask')!.pieces[0]!);
  answer = noSignal;
  phone = await signedInTab();
  feedback = await opened();
  expect(feedback.find('ask')!.pieces[0]).toMatchObject({
    state: 'opened',
    noticed: 'You waited.',
  });
});

test('withdrawing what only a list showed tells the server, and is gone here at once', async () => {
  lists.asking = [request()];
  const feedback = await opened();
  await feedback.withdraw(feedback.find('ask')!);
  expect(feedback.find('ask')).toBe(null);
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '"1"' } });
  lists.asking = [];
  await feedback.load();
  expect(feedback.find('ask')).toBe(null);
});

test('lists can be read without signal', async () => {
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [giving()] })];
  await opened();
  answer = noSignal;
  phone = await signedInTab();
  const feedback = await opened();
  expect(feedback.isStale).toBe(true);
  expect(feedback.places.answer).toHaveLength(1);
  expect(feedback.balance).toEqual({ asked: 1, been_asked: 2 });
});

test('whoever leaves takes all of it along', async () => {
  lists.asked = [request({ mine: false, asker: OTHER, feedback: [giving()] })];
  const feedback = await opened();
  await phone.signOut.leaveThisPhone();
  expect(feedback.threads).toEqual([]);
});
