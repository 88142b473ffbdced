import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, refusal } from '../../testing/pretend-server';
import { settled } from '../../testing/pretend-tab';
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
} from '../../testing/pretend-proposals';
import { somePosition, someProposal, someRemark } from '../../testing/some-proposal';

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

/** A position is stored as it is sent. */
function stores(): void {
  here.answer = (seen) => {
    const said = obliging(seen);
    if (said && seen.path.endsWith('/position')) {
      const mine = somePosition(seen.body as object);
      here.there = [someProposal({ answered: 2, my_position: mine, positions: [mine] })];
    }
    return said;
  };
}

const holdsBack = (part: string) =>
  here.server.holdBack(({ method, path }) => method === 'GET' && path.includes(part));

test('a second answer stays when what comes late knows the first', async () => {
  here.there = [someProposal()];
  const proposals = await opened();
  stores();
  await proposals.stand(proposals.find('one')!, YES);
  const held = holdsBack('/api/proposals/one');
  await drain();
  await held.isAsked;
  await proposals.stand(proposals.find('one')!, { ...YES, position: 'aside' });
  // The next ones, which know the second, do not come.
  holdsBack('/api/proposals/one');
  holdsBack('state=open');
  await drain();
  held.release();
  await settled();
  expect(proposals.find('one')!.my_position!.position).toBe('aside');
});

test('a list that was asked for earlier and comes later is not the newer word', async () => {
  here.there = [someProposal()];
  // Of a server that does not know how to be asked for both at once, one may overtake the other.
  here.server.faults.unshift(({ path }) => (path === '/api/sync' ? refusal(422, 'invalid') : null));
  const proposals = await opened();
  stores();
  const held = holdsBack('state=open');
  void proposals.load('rowan');
  await held.isAsked;
  await settled();
  await proposals.stand(proposals.find('one')!, YES);
  await drain();
  await proposals.loadOne('one');
  await settled();
  holdsBack('state=open');
  held.release();
  await settled();
  expect(proposals.find('one')!.my_position).toMatchObject({ position: 'consent' });
});

test('a remark that I took back stays away once that has arrived, whatever was heard before', async () => {
  here.there = [someProposal({ remarks: [someRemark({ id: 'r', by: ME, mine: true })] })];
  const proposals = await opened();
  await proposals.takeRemarkBack(proposals.find('one')!.remarks[0]!);
  here.answer = obliging;
  await drain();
  await settled();
  expect(proposals.find('one')!.remarks).toEqual([]);
  expect(proposals.isTakenBack('r')).toBe(true);
});

test('and is there again where that could not be sent, to let go of it', async () => {
  here.there = [someProposal({ remarks: [someRemark({ id: 'r', by: ME, mine: true })] })];
  const proposals = await opened();
  await proposals.takeRemarkBack(proposals.find('one')!.remarks[0]!);
  here.answer = ({ method }) => (method === 'DELETE' ? refusal(409, 'closed') : null);
  await drain();
  await vi.waitFor(() =>
    expect(proposals.find('one')!.remarks).toMatchObject([{ id: 'r', sending: 'parked' }]),
  );
});

test('an earlier remark that I take back goes from those that were read on', async () => {
  here.there = [someProposal({ earlier_remarks: 'older' })];
  const proposals = await opened();
  here.answer = ({ path }) =>
    path.endsWith('/remarks?after=older')
      ? json(200, { items: [someRemark({ id: 'r', by: ME, mine: true })], next: null })
      : null;
  const { EarlierRemarks } = await import('./earlier.svelte');
  const earlier = new EarlierRemarks(() => proposals.find('one')!);
  await earlier.load();
  expect(earlier.items).toHaveLength(1);
  await proposals.takeRemarkBack(earlier.items[0]!);
  expect(earlier.items).toEqual([]);
  here.answer = obliging;
  await drain();
  expect(earlier.items).toEqual([]);
});

/** A proposal that was read on to, up to one earlier remark by somebody else. */
async function readOn() {
  const [id, remark] = [uuid(77), uuid(80)];
  here.there = [someProposal({ id, earlier_remarks: 'older', remarks: [someRemark()] })];
  const proposals = await opened();
  here.answer = ({ path }) =>
    path.includes('/remarks?after=o')
      ? json(200, { items: [someRemark({ id: remark })], next: null })
      : null;
  const { EarlierRemarks } = await import('./earlier.svelte');
  const earlier = new EarlierRemarks(() => proposals.find(id)!);
  await earlier.load();
  expect(earlier.items).toHaveLength(1);
  return { proposals, id, remark, earlier };
}

const uuid = (n: number) => `0192cccc-0000-7000-8000-${String(n).padStart(12, '0')}`;

test('an earlier remark that its author took back goes when somebody looks', async () => {
  const { remark, earlier } = await readOn();
  here.server.goneOf = (held) =>
    held.map((group) => ({ ...group, ids: group.ids.filter((one) => one === remark) }));
  const { look, hasCome } = await import('../../store/sync');
  const looked = look(here.phone.session.phone, { isNow: true });
  hasCome(here.phone.session.phone);
  await looked;
  await vi.waitFor(() => expect(earlier.items).toEqual([]));
});

test('earlier remarks are read on to anew once others stand between', async () => {
  const { proposals, id, remark, earlier } = await readOn();
  here.there = [someProposal({ id, earlier_remarks: 'other', remarks: [someRemark()] })];
  await proposals.loadOne(id);
  expect([earlier.items, earlier.hasMore]).toEqual([[], true]);
  await earlier.load();
  expect(earlier.items.map((one) => one.id)).toEqual([remark]);
});

test('earlier remarks whose place the server does not know begin with the proposal anew', async () => {
  const { proposals, id, earlier } = await readOn();
  here.there = [someProposal({ id, earlier_remarks: 'away', remarks: [someRemark()] })];
  await proposals.loadOne(id);
  here.there = [someProposal({ id, earlier_remarks: 'old', remarks: [someRemark()] })];
  const known = here.answer;
  here.answer = (seen) =>
    seen.path.includes('after=away') ? refusal(400, 'bad_cursor') : known(seen);
  await earlier.load();
  expect(earlier.hasFailed).toBe(false);
  await earlier.load();
  expect(earlier.items).toHaveLength(1);
});
