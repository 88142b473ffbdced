import { beforeEach, expect, test, vi } from 'vitest';
import { json, OTHER } from '../../testing/pretend-server';
import { signedInTab } from '../../testing/pretend-tab';
import { ASK, begin, here, noSignal, opened, rows } from '../../testing/pretend-feedback';
import { given, somePiece, someRequest } from '../../testing/some-feedback';

beforeEach(begin);

test('an ask survives a reload before there was signal', async () => {
  here.answer = noSignal;
  const id = await (await opened()).ask(ASK);
  here.phone = await signedInTab();
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
  expect((await opened()).find(id)).toMatchObject({ sending: 'waiting' });
});

test('opening without signal opens nothing, and says so', async () => {
  here.lists.asking = [someRequest({ feedback: [somePiece({ state: 'answered' })] })];
  const feedback = await opened();
  here.answer = noSignal;
  expect((await feedback.open(feedback.find('ask')!.pieces[0]!)).kind).toBe('unreachable');
  expect(feedback.places.open).toHaveLength(1);
  expect(await rows()).toEqual([]);
});

test('what was opened can be read without signal from then on', async () => {
  here.lists.asking = [someRequest({ feedback: [somePiece({ state: 'answered' })] })];
  let feedback = await opened();
  here.answer = ({ method }) =>
    method === 'POST'
      ? json(200, somePiece({ state: 'opened', noticed: 'You waited.', version: 1 }))
      : 'lost request';
  await feedback.open(feedback.find('ask')!.pieces[0]!);
  here.answer = noSignal;
  here.phone = await signedInTab();
  feedback = await opened();
  expect(feedback.find('ask')!.pieces[0]).toMatchObject({
    state: 'opened',
    noticed: 'You waited.',
  });
});

test('lists can be read without signal', async () => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  await opened();
  here.answer = noSignal;
  here.phone = await signedInTab();
  const feedback = await opened();
  expect(feedback.isStale).toBe(true);
  expect(feedback.places.answer).toHaveLength(1);
  expect(feedback.balance).toEqual({ asked: 1, been_asked: 2 });
});

test('whoever leaves takes all of it along', async () => {
  here.lists.asked = [someRequest({ mine: false, asker: OTHER, feedback: [given()] })];
  const feedback = await opened();
  await here.phone.signOut.leaveThisPhone();
  expect(feedback.threads).toEqual([]);
});
