import { beforeEach, expect, test, vi } from 'vitest';
import { ME } from '../../store/pretend-server';
import {
  again,
  begin,
  drain,
  here,
  MINE,
  NEW,
  noSignal,
  obliging,
  opened,
  rows,
  writes,
  YES,
} from './pretend-proposals';
import { someProposal, someRemark } from './some-proposal.fake';

beforeEach(begin);

test('a suggestion is there at once, waiting, and travels as it was meant', async () => {
  here.answer = noSignal;
  const proposals = await opened();
  const id = await proposals.suggest(NEW, 'rowan');
  expect(proposals.find(id)).toMatchObject({ text: 'We pause.', sending: 'waiting', isNew: true });
  expect(proposals.open('rowan')).toHaveLength(1);
  await drain();
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    method: 'PUT',
    path: `/api/proposals/${id}`,
    body: { kind: 'add', commitment_id: null, text: 'We pause.', closes_at: null },
    headers: { 'If-None-Match': '*' },
  });
  expect(await rows()).toEqual([]);
});

test('what was only suggested here is not asked for before it has arrived', async () => {
  const proposals = await opened();
  const id = await proposals.suggest(NEW, 'rowan');
  await proposals.loadOne(id);
  const asked = () =>
    here.server.seen.filter(
      ({ method, path }) => method === 'GET' && path === `/api/proposals/${id}`,
    );
  expect(asked()).toEqual([]);
  here.answer = obliging;
  await drain();
  here.there = [someProposal({ ...MINE, id })];
  await proposals.loadOne(id);
  expect(asked()).not.toEqual([]);
});

test('it survives a reload before there was signal', async () => {
  here.answer = noSignal;
  const id = await (await opened()).suggest(NEW, 'rowan');
  expect((await again()).find(id)).toMatchObject({ sending: 'waiting' });
});

test('a position is given without signal, counts at once, and is sent once', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  here.answer = noSignal;
  await proposals.stand(proposals.find('one')!, { ...YES, position: 'concern', text: ' Time? ' });
  expect(proposals.find('one')).toMatchObject({
    answered: 2,
    my_position: { position: 'concern', text: 'Time?', is_current: true, person: { id: ME.id } },
    positions: null,
    answer: { sending: 'waiting' },
  });
  await drain();
  here.answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    path: '/api/proposals/one/position',
    body: { position: 'concern', text: 'Time?', text_version: 1 },
  });
  expect(await rows()).toEqual([]);
});

test('a question is there at once and is sent; taking it back says which version', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  here.answer = noSignal;
  await proposals.remark(proposals.find('one')!, 'question', ' Who? ');
  expect(proposals.find('one')!.remarks).toMatchObject([
    { text: 'Who?', mine: true, sending: 'waiting' },
  ]);
  await drain();
  const { id } = proposals.find('one')!.remarks[0]!;
  here.answer = (seen) => {
    if (seen.method === 'PUT')
      here.there = [
        someProposal({ remarks: [someRemark({ id, by: ME, mine: true, text: 'Who?' })] }),
      ];
    return obliging(seen);
  };
  await drain();
  await vi.waitFor(() =>
    expect(proposals.find('one')!.remarks).toMatchObject([{ id, sending: 'safe' }]),
  );
  await proposals.takeRemarkBack(proposals.find('one')!.remarks[0]!);
  expect(proposals.find('one')!.remarks).toEqual([]);
  await drain();
  expect(writes().at(-1)).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '"1"' } });
});

test('proposals can be read without signal', async () => {
  here.there = [someProposal()];
  const before = await opened();
  await before.loadOne('one');
  here.answer = noSignal;
  const proposals = await again();
  await proposals.loadOne('one');
  expect(proposals.isStale('one')).toBe(true);
  expect(proposals.find('one')).toMatchObject({ text: 'We listen to the end.' });
  expect(proposals.open('rowan')).toHaveLength(1);
});

test('whoever leaves takes all of it along', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  await here.phone.signOut.leaveThisPhone();
  expect(proposals.find('one')).toBe(null);
  expect(proposals.open('rowan')).toEqual([]);
});
