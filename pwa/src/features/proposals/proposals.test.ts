import { beforeEach, expect, test, vi } from 'vitest';
import { OTHER, refusal } from '../../testing/pretend-server';
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
import { CLEO, somePosition, someProposal } from '../../testing/some-proposal';

beforeEach(begin);

test('to retire says which, and no words', async () => {
  const proposals = await opened();
  const commitment = { id: 'listening', text: 'We listen.', why: '', place: 0 };
  const id = await proposals.suggest({ ...NEW, kind: 'retire', commitment }, 'rowan');
  expect(proposals.find(id)).toMatchObject({ before: 'We listen.', text: '' });
  here.answer = obliging;
  await drain();
  expect(writes()[0]!.body).toMatchObject({ commitment_id: 'listening', text: '' });
});

test('what others said comes once mine has arrived', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  await proposals.stand(proposals.find('one')!, YES);
  const theirs = somePosition({ person: OTHER });
  here.answer = (seen) => {
    const said = obliging(seen);
    if (said) {
      const positions = [theirs, somePosition()];
      here.there = [someProposal({ answered: 2, my_position: somePosition(), positions })];
    }
    return said;
  };
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')!.positions).toHaveLength(2));
  await vi.waitFor(() => expect(proposals.find('one')!.answer).toBe(null));
  expect(proposals.find('one')!.answered).toBe(2);
});

test('an answer to earlier words is open again', async () => {
  here.there = [
    someProposal({
      text_version: 2,
      my_position: somePosition({ is_current: false }),
      positions: [somePosition({ is_current: false })],
    }),
  ];
  const proposals = await opened();
  const { isForMe } = await import('./laid-over');
  expect(isForMe(proposals.find('one')!)).toBe(true);
  await proposals.stand(proposals.find('one')!, YES);
  expect(isForMe(proposals.find('one')!)).toBe(false);
});

test('my new wording opens every answer here too, before it is sent', async () => {
  const positions = [
    somePosition(),
    somePosition({ person: CLEO, position: 'object', text: 'Not so.' }),
    somePosition({ person: OTHER, position: 'concern', text: 'Slowly.' }),
  ];
  const before = { answered: 4, unnamed: 1, my_position: somePosition(), positions };
  here.there = [someProposal({ ...MINE, ...before })];
  const proposals = await opened();
  here.answer = noSignal;
  await proposals.reword('one', { text: 'We wait.', why: 'So.', closes_at: '' });
  expect(proposals.find('one')).toMatchObject({
    text: 'We wait.',
    text_version: 2,
    answered: 1,
    unnamed: 0,
    sending: 'waiting',
    positions: [{ is_current: true }, { person: CLEO, position: 'object', is_current: false }],
  });
  await drain();
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    headers: { 'If-Match': '"1"' },
    body: { text: 'We wait.', commitment_id: 'listening', closes_at: null },
  });
});

test('so do other dates, with the same reason', async () => {
  const dates = { kind: 'dates', text: '', why: 'So.', ends_on: '2027-09-30' } as const;
  here.there = [someProposal({ ...MINE, ...dates, answered: 4, unnamed: 3 })];
  const proposals = await opened();
  here.answer = noSignal;
  const words = { text: '', why: 'So.', closes_at: '' };
  await proposals.reword('one', { ...words, starts_on: null, ends_on: '2027-12-31' });
  expect(proposals.find('one')).toMatchObject({ ends_on: '2027-12-31', answered: 1 });
  expect(proposals.find('one')).toMatchObject({ text_version: 2, unnamed: 0 });
});

test('a new reason is a new wording here too; more time is none', async () => {
  here.there = [someProposal({ ...MINE, answered: 2, my_position: somePosition() })];
  const proposals = await opened();
  here.answer = noSignal;
  const { text, why } = proposals.find('one')!;
  await proposals.reword('one', { text, why, closes_at: '2099-02-01T00:00:00Z' });
  expect(proposals.find('one')).toMatchObject({ text_version: 1, answered: 2 });
  await proposals.reword('one', { text, why: 'The board may know.', closes_at: '' });
  expect(proposals.find('one')).toMatchObject({ text_version: 2, answered: 1 });
});

test('withdrawing is at once here, and stays so while the lists are behind', async () => {
  here.there = [someProposal(MINE)];
  const proposals = await opened();
  await proposals.withdraw(proposals.find('one')!);
  expect(proposals.open('rowan')).toEqual([]);
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '"1"' } });
  await settled();
  expect(proposals.find('one')).toBe(null);
});

test('deciding now says which version was seen, and the server’s no is passed on', async () => {
  here.there = [someProposal({ version: 4 })];
  const proposals = await opened();
  here.answer = ({ method }) => (method === 'POST' ? refusal(409, 'not_everyone') : null);
  expect(await proposals.decideNow(proposals.find('one')!)).toMatchObject({
    kind: 'refused',
    refusal: { reason: 'not_everyone' },
  });
  expect(writes().at(-1)).toMatchObject({
    path: '/api/proposals/one/closing',
    headers: { 'If-Match': '"4"' },
  });
});
