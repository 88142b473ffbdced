import { beforeEach, expect, test, vi } from 'vitest';
import { json, OTHER } from '../../testing/pretend-server';
import {
  ASK,
  begin,
  drain,
  here,
  noSignal,
  obliging,
  opened,
  rows,
  WORDS,
  writes,
} from '../../testing/pretend-feedback';
import { given, somePiece, someRequest } from '../../testing/some-feedback';

const NOON = '2026-11-22T12:00:00Z';

beforeEach(begin);

test('an ask is there at once, waiting, and travels as it was meant', async () => {
  here.answer = noSignal;
  const feedback = await opened();
  const id = await feedback.ask(ASK);
  expect(feedback.find(id)).toMatchObject({
    words: 'What did you notice?',
    sending: 'waiting',
    isMine: true,
  });
  expect(feedback.places.with_others).toHaveLength(1);
  here.answer = obliging;
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

test('an answer waits, is sent, and its lost answer does not send it twice', async () => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  expect(feedback.places.answer).toHaveLength(1);
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  expect(feedback.find('ask')!.pieces[0]).toMatchObject({
    state: 'answered',
    noticed: 'You waited.',
  });
  here.answer = ({ method }) => (method === 'PUT' ? 'lost answer' : null);
  await drain();
  here.answer = ({ method }) =>
    method === 'PUT' ? json(200, given({ state: 'answered', version: 1, ...WORDS })) : null;
  await drain();
  expect(await rows()).toEqual([]);
});

test('changing an answer that a list showed names the version one was looking at', async () => {
  const stored = given({ state: 'answered', version: 3, ...WORDS });
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [stored] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, { ...WORDS, noticed: 'You waited long.' });
  here.answer = obliging;
  await drain();
  expect(writes()[0]!.headers).toMatchObject({ 'If-Match': '"3"' });
});

test('yes to an offer goes where offers live', async () => {
  here.lists.offers = [
    somePiece({ id: 'offer', request_id: null, state: 'offered', about: 'The handover.' }),
  ];
  const feedback = await opened();
  expect(feedback.places.answer).toHaveLength(1);
  await feedback.welcome(feedback.find('offer')!.pieces[0]!);
  here.answer = ({ method }) =>
    method === 'POST'
      ? json(200, somePiece({ id: 'offer', request_id: null, state: 'welcomed' }))
      : null;
  await drain();
  expect(writes().at(-1)!.path).toBe('/api/feedback-offers/offer/welcome');
});

test('what I had answered stays when the ask is withdrawn, until I let go of it, also without signal', async () => {
  const kept = given({ state: 'withdrawn', version: 2, answered_at: NOON, ...WORDS });
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, question: '', feedback: [kept] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  expect(feedback.places.given).toMatchObject([{ piece: { noticed: 'You waited.' } }]);
  here.answer = noSignal;
  await feedback.takeBack(thread, thread.pieces[0]!);
  expect([feedback.threads, feedback.orphans]).toEqual([[], []]);
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    method: 'DELETE',
    path: '/api/feedback-requests/ask/answer',
    headers: { 'If-Match': '"2"' },
  });
  expect(await rows()).toEqual([]);
});

test('withdrawing what only a list showed tells the server, and is gone here at once', async () => {
  here.lists.asking = [someRequest()];
  const feedback = await opened();
  await feedback.withdraw(feedback.find('ask')!);
  expect(feedback.find('ask')).toBe(null);
  here.answer = obliging;
  here.lists.asking = [];
  await drain();
  expect(writes().at(-1)).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '"1"' } });
  await feedback.load();
  expect(feedback.find('ask')).toBe(null);
});

/** Asks for the lists now; what they answer is from now, and arrives when the function it answers with is called. */
async function askedBefore(feedback: Awaited<ReturnType<typeof opened>>, part: string) {
  const held = here.server.holdBack(({ method, path }) => method === 'GET' && path.includes(part));
  const loaded = feedback.load();
  await held.isAsked;
  return async () => {
    held.release();
    await loaded;
  };
}

test('lists that were asked for before my answer arrived do not open the question again', async () => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  const feedback = await opened();
  const arrive = await askedBefore(feedback, 'direction=asked');
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  const stored = given({ state: 'answered', version: 1, ...WORDS });
  here.answer = (seen) => {
    if (seen.method === 'PUT')
      here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [stored] })];
    return seen.method === 'PUT' ? json(201, stored) : null;
  };
  await drain();
  await arrive();
  expect(feedback.find('ask')!.pieces[0]).toMatchObject({ state: 'answered' });
  await vi.waitFor(() => expect(feedback.find('ask')!.pieces[0]!.answer).toBe(null));
  expect(feedback.find('ask')!.pieces[0]).toMatchObject({ state: 'answered' });
});

test('nor bring back what I withdrew', async () => {
  here.lists.asking = [someRequest()];
  const feedback = await opened();
  await feedback.withdraw(feedback.find('ask')!);
  const arrive = await askedBefore(feedback, 'direction=asking');
  // The next ones, which know of it, do not come.
  here.server.holdBack(({ path }) => path.includes('direction=asking'));
  here.answer = (seen) => {
    if (seen.method === 'DELETE') here.lists.asking = [];
    return obliging(seen);
  };
  await drain();
  await arrive();
  expect(feedback.find('ask')).toBe(null);
});
