import { beforeEach, expect, test } from 'vitest';
import { json, OTHER, refusal } from '../../testing/pretend-server';
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

const CLEO = { id: '0192cccc-0000-7000-8000-000000000003', name: 'Cleo' };

beforeEach(begin);

test('what I asked somebody before still waits: the new one stays here, and may go to the others', async () => {
  const feedback = await opened();
  const id = await feedback.ask({ ...ASK, asked: [...ASK.asked, CLEO] });
  here.answer = ({ method }) =>
    method === 'PUT' ? refusal(409, 'asked_already', { waiting: [OTHER.id] }) : null;
  await drain();
  await feedback.load();
  expect(feedback.troubled).toMatchObject([
    { id, sending: 'parked', problem: { reason: 'asked_already', waiting: [OTHER.id] } },
  ]);
  await feedback.ask({ ...ASK, asked: [CLEO] }, id);
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    path: `/api/feedback-requests/${id}`,
    body: { asked: [CLEO.id] },
  });
});

test('412 keeps both texts, and the author chooses', async () => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  const current = given({ state: 'answered', noticed: 'From my desk.', version: 1 });
  here.answer = ({ method }) =>
    method === 'PUT' ? refusal(412, 'changed_elsewhere', { current }) : null;
  await drain();
  await feedback.load();
  expect(feedback.find('ask')!.pieces[0]!.answer).toMatchObject({
    sending: 'conflict',
    noticed: 'You waited.',
    theirs: { noticed: 'From my desk.' },
  });
  await feedback.choose('feedback_answers', 'ask', 'mine');
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    headers: { 'If-Match': '"1"' },
    body: { noticed: 'You waited.' },
  });
});

test('an answer taken back elsewhere is no other text: mine simply follows', async () => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  let tries = 0;
  here.answer = (seen) => {
    if (seen.method !== 'PUT') return null;
    tries += 1;
    return tries === 1
      ? refusal(412, 'changed_elsewhere', { current: given({ version: 2 }) })
      : obliging(seen);
  };
  await drain();
  expect(writes().at(-1)!.headers).toMatchObject({ 'If-Match': '"2"' });
  expect(await rows()).toEqual([]);
});

test.each(['withdrawn', 'fixed'])('409 %s leaves the words here', async (reason) => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  const feedback = await opened();
  const thread = feedback.find('ask')!;
  await feedback.answer(thread, thread.pieces[0]!, WORDS);
  here.answer = ({ method }) => (method === 'PUT' ? refusal(409, reason) : null);
  here.lists.asked = [];
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
  here.lists.asking = [someRequest()];
  const feedback = await opened();
  here.answer = noSignal;
  await act(feedback);
  await drain();
  expect(await rows()).toMatchObject([{ kind: 'feedback_acts', state: 'waiting' }]);
  here.answer = ({ method }) => (method === 'POST' ? json(200, somePiece()) : null);
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
  here.lists.asking = [someRequest()];
  const feedback = await opened();
  await feedback.remind(feedback.find('ask')!.pieces[0]!);
  here.answer = ({ method }) =>
    method === 'POST' ? json(200, somePiece({ id: 'another' })) : null;
  await drain();
  expect(await rows()).toHaveLength(1);
});
