import { beforeEach, expect, test, vi } from 'vitest';
import { refusal } from '../../testing/pretend-server';
import { settled } from '../../testing/pretend-tab';
import {
  begin,
  drain,
  here,
  MINE,
  NEW,
  noSignal,
  obliging,
  opened,
  writes,
  YES,
} from '../../testing/pretend-proposals';
import { someProposal } from '../../testing/some-proposal';

beforeEach(begin);

test('the words changed before my answer came: it is parked, with its words, and can be given anew', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  await proposals.stand(proposals.find('one')!, { position: 'object', text: 'No.', safe_if: '' });
  const now = someProposal({ text: 'We listen, mostly.', text_version: 2, version: 2 });
  here.there = [now];
  here.answer = ({ method }) =>
    method === 'PUT' ? refusal(409, 'reworded', { current: now }) : null;
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')!.text_version).toBe(2));
  expect(proposals.find('one')).toMatchObject({
    my_position: null,
    answered: 1,
    answer: { sending: 'parked', problem: { reason: 'reworded' }, said: { text: 'No.' } },
  });
  await proposals.stand(proposals.find('one')!, YES);
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)!.body).toMatchObject({ position: 'consent', text_version: 2 });
});

test('decided before my answer came: the words stay here until I let them go', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  await proposals.stand(proposals.find('one')!, { position: 'object', text: 'No.', safe_if: '' });
  here.there = [someProposal({ state: 'adopted', adopted_as: 2, version: 2, answered: 4 })];
  here.answer = ({ method }) => (method === 'PUT' ? refusal(409, 'closed') : null);
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')!.state).toBe('adopted'));
  expect(proposals.find('one')).toMatchObject({
    answered: 4,
    answer: { sending: 'parked', said: { text: 'No.' } },
  });
  await proposals.letGo('positions', 'one');
  expect(proposals.find('one')!.answer).toBe(null);
});

test('412 keeps both texts, and the author chooses', async () => {
  here.there = [someProposal(MINE)];
  const proposals = await opened();
  await proposals.reword('one', { text: 'From my here.phone.', why: '', closes_at: '' });
  const current = someProposal({ ...MINE, text: 'From my desk.', version: 2, text_version: 2 });
  here.there = [current];
  here.answer = ({ method }) =>
    method === 'PUT' ? refusal(412, 'changed_elsewhere', { current }) : null;
  await drain();
  await settled();
  await proposals.loadOne('one');
  expect(proposals.find('one')).toMatchObject({
    sending: 'conflict',
    text: 'From my desk.',
    wish: { text: 'From my here.phone.' },
    theirs: { text: 'From my desk.' },
  });
  await proposals.choose('one', 'mine');
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    headers: { 'If-Match': '"2"' },
    body: { text: 'From my here.phone.' },
  });
});

test('a suggestion that cannot be sent stays here, with the reason', async () => {
  const proposals = await opened();
  const id = await proposals.suggest(NEW, 'rowan');
  here.answer = ({ method }) => (method === 'PUT' ? refusal(409, 'too_many') : null);
  await drain();
  await vi.waitFor(() => expect(proposals.find(id)!.sending).toBe('parked'));
  expect(proposals.find(id)).toMatchObject({ isNew: true, problem: { reason: 'too_many' } });
  await proposals.letGo('proposals', id);
  expect(proposals.find(id)).toBe(null);
});

test('decided before it could be withdrawn: it is shown, as what it became', async () => {
  here.there = [someProposal(MINE)];
  const proposals = await opened();
  await proposals.withdraw(proposals.find('one')!);
  here.answer = ({ method }) => (method === 'DELETE' ? refusal(409, 'closed') : null);
  here.there = [someProposal({ ...MINE, state: 'adopted', adopted_as: 2, version: 2 })];
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')?.state).toBe('adopted'));
});

test('what I wrote for a proposal that was withdrawn is not lost', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  here.answer = noSignal;
  await proposals.stand(proposals.find('one')!, { position: 'object', text: 'No.', safe_if: '' });
  await proposals.remark(proposals.find('one')!, 'question', 'Who?');
  here.there = [];
  here.answer = ({ method }) => (method === 'PUT' ? refusal(404, 'not_found') : null);
  await drain();
  await proposals.loadOne('one');
  expect(proposals.find('one')).toBe(null);
  expect(proposals.left('one')).toMatchObject({
    answer: { said: { text: 'No.' } },
    remarks: [{ text: 'Who?' }],
  });
});
