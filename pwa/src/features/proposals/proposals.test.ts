import { beforeEach, expect, test, vi } from 'vitest';
import type { ProposalOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer, refusal, type Seen } from '../../store/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../store/pretend-tab';
import { CLEO, somePosition, someProposal, someRemark } from './some-proposal.fake';

let server: PretendServer;
let phone: Tab;
let there: ProposalOut[];
let answer: (seen: Seen) => Response | 'lost request' | 'lost answer' | null;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  there = [];
  answer = () => null;
  server.faults = [
    (seen) => (/proposals|remarks/.test(seen.path) ? (answer(seen) ?? told(seen)) : null),
  ];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

function told({ method, path }: Seen): Response | null {
  if (method !== 'GET') return null;
  if (path.includes('state=')) {
    const isOpen = path.includes('state=open');
    const items = there.filter(({ state }) => (state === 'open') === isOpen);
    return json(200, { items, next: null });
  }
  const one = there.find(({ id }) => path.endsWith(id));
  return one ? json(200, one) : refusal(404, 'not_found');
}

/** The server does as it is asked. */
function obliging({ method, path, body }: Seen): Response | null {
  if (method === 'GET') return null;
  if (method === 'DELETE') return new Response(null, { status: 204 });
  const id = path.split('/')[3]!;
  if (path.includes('/remarks/')) return json(201, someRemark({ ...body, id, by: ME, mine: true }));
  const before = there.find((one) => one.id === id);
  if (path.endsWith('/position'))
    return json(200, { ...before, my_position: somePosition(body as object) });
  const made = someProposal({
    ...before,
    ...(body as object),
    closes_at: (body!.closes_at as string | null) ?? '2099-01-08T00:00:00Z',
    id,
    mine: true,
    proposer: ME,
  });
  return json(201, made);
}

const noSignal = () => 'lost request' as const;
const NEW = { kind: 'add' as const, commitment: null, text: ' We pause. ', why: '', closes_at: '' };
const YES = { position: 'consent' as const, text: '', safe_if: '' };
const MINE = { mine: true, proposer: ME };

async function opened() {
  const { proposals } = await import('./proposals.svelte');
  await proposals.load('rowan');
  return proposals;
}

const drain = () => phone.outbox.drain(true);
const rows = () => phone.session.phone.db.getAll('outbox');
const writes = () => server.writes().filter(({ path }) => /proposals|remarks/.test(path));
async function again() {
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  return opened();
}

test('a suggestion is there at once, waiting, and travels as it was meant', async () => {
  answer = noSignal;
  const proposals = await opened();
  const id = await proposals.suggest(NEW, 'rowan');
  expect(proposals.find(id)).toMatchObject({ text: 'We pause.', sending: 'waiting', isNew: true });
  expect(proposals.open('rowan')).toHaveLength(1);
  await drain();
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    method: 'PUT',
    path: `/api/proposals/${id}`,
    body: { kind: 'add', commitment_id: null, text: 'We pause.', closes_at: null },
    headers: { 'If-None-Match': '*' },
  });
  expect(await rows()).toEqual([]);
});

test('it survives a reload before there was signal', async () => {
  answer = noSignal;
  const id = await (await opened()).suggest(NEW, 'rowan');
  expect((await again()).find(id)).toMatchObject({ sending: 'waiting' });
});

test('to retire says which, and no words', async () => {
  const proposals = await opened();
  const commitment = { id: 'listening', text: 'We listen.', why: '', place: 0 };
  const id = await proposals.suggest({ ...NEW, kind: 'retire', commitment }, 'rowan');
  expect(proposals.find(id)).toMatchObject({ before: 'We listen.', text: '' });
  answer = obliging;
  await drain();
  expect(writes()[0]!.body).toMatchObject({ commitment_id: 'listening', text: '' });
});

test('a position is given without signal, counts at once, and is sent once', async () => {
  there = [someProposal()];
  const proposals = await opened();
  answer = noSignal;
  await proposals.stand(proposals.find('one')!, { ...YES, position: 'concern', text: ' Time? ' });
  expect(proposals.find('one')).toMatchObject({
    answered: 2,
    my_position: { position: 'concern', text: 'Time?', is_current: true, person: { id: ME.id } },
    positions: null,
    answer: { sending: 'waiting' },
  });
  await drain();
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    path: '/api/proposals/one/position',
    body: { position: 'concern', text: 'Time?', text_version: 1 },
  });
  expect(await rows()).toEqual([]);
});

test('what others said comes once mine has arrived', async () => {
  there = [someProposal()];
  const proposals = await opened();
  await proposals.stand(proposals.find('one')!, YES);
  const theirs = somePosition({ person: OTHER });
  answer = (seen) => {
    const said = obliging(seen);
    if (said) {
      const positions = [theirs, somePosition()];
      there = [someProposal({ answered: 2, my_position: somePosition(), positions })];
    }
    return said;
  };
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')!.positions).toHaveLength(2));
  await vi.waitFor(() => expect(proposals.find('one')!.answer).toBe(null));
  expect(proposals.find('one')!.answered).toBe(2);
});

test('the words changed before my answer came: it is parked, with its words, and can be given anew', async () => {
  there = [someProposal()];
  const proposals = await opened();
  await proposals.stand(proposals.find('one')!, { position: 'object', text: 'No.', safe_if: '' });
  const now = someProposal({ text: 'We listen, mostly.', text_version: 2, version: 2 });
  there = [now];
  answer = ({ method }) => (method === 'PUT' ? refusal(409, 'reworded', { current: now }) : null);
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')!.text_version).toBe(2));
  expect(proposals.find('one')).toMatchObject({
    my_position: null,
    answered: 1,
    answer: { sending: 'parked', problem: { reason: 'reworded' }, said: { text: 'No.' } },
  });
  await proposals.stand(proposals.find('one')!, YES);
  answer = obliging;
  await drain();
  expect(writes().at(-1)!.body).toMatchObject({ position: 'consent', text_version: 2 });
});

test('decided before my answer came: the words stay here until I let them go', async () => {
  there = [someProposal()];
  const proposals = await opened();
  await proposals.stand(proposals.find('one')!, { position: 'object', text: 'No.', safe_if: '' });
  there = [someProposal({ state: 'adopted', adopted_as: 2, version: 2, answered: 4 })];
  answer = ({ method }) => (method === 'PUT' ? refusal(409, 'closed') : null);
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')!.state).toBe('adopted'));
  expect(proposals.find('one')).toMatchObject({
    answered: 4,
    answer: { sending: 'parked', said: { text: 'No.' } },
  });
  await proposals.letGo('positions', 'one');
  expect(proposals.find('one')!.answer).toBe(null);
});

test('an answer to earlier words is open again', async () => {
  there = [
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
  const positions = [somePosition(), somePosition({ person: CLEO })];
  there = [someProposal({ ...MINE, answered: 2, my_position: somePosition(), positions })];
  const proposals = await opened();
  answer = noSignal;
  await proposals.reword('one', { text: 'We wait.', why: 'So.', closes_at: '' });
  expect(proposals.find('one')).toMatchObject({
    text: 'We wait.',
    text_version: 2,
    answered: 1,
    sending: 'waiting',
    positions: [{ is_current: true }, { person: CLEO, is_current: false }],
  });
  await drain();
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    headers: { 'If-Match': '"1"' },
    body: { text: 'We wait.', commitment_id: 'listening', closes_at: null },
  });
});

test('412 keeps both texts, and the author chooses', async () => {
  there = [someProposal(MINE)];
  const proposals = await opened();
  await proposals.reword('one', { text: 'From my phone.', why: '', closes_at: '' });
  const current = someProposal({ ...MINE, text: 'From my desk.', version: 2, text_version: 2 });
  there = [current];
  answer = ({ method }) =>
    method === 'PUT' ? refusal(412, 'changed_elsewhere', { current }) : null;
  await drain();
  await settled();
  await proposals.loadOne('one');
  expect(proposals.find('one')).toMatchObject({
    sending: 'conflict',
    text: 'From my desk.',
    wish: { text: 'From my phone.' },
    theirs: { text: 'From my desk.' },
  });
  await proposals.choose('one', 'mine');
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    headers: { 'If-Match': '"2"' },
    body: { text: 'From my phone.' },
  });
});

test('a suggestion that cannot be sent stays here, with the reason', async () => {
  const proposals = await opened();
  const id = await proposals.suggest(NEW, 'rowan');
  answer = ({ method }) => (method === 'PUT' ? refusal(409, 'too_many') : null);
  await drain();
  await vi.waitFor(() => expect(proposals.find(id)!.sending).toBe('parked'));
  expect(proposals.find(id)).toMatchObject({ isNew: true, problem: { reason: 'too_many' } });
  await proposals.letGo('proposals', id);
  expect(proposals.find(id)).toBe(null);
});

test('withdrawing is at once here, and stays so while the lists are behind', async () => {
  there = [someProposal(MINE)];
  const proposals = await opened();
  await proposals.withdraw(proposals.find('one')!);
  expect(proposals.open('rowan')).toEqual([]);
  answer = obliging;
  await drain();
  expect(writes().at(-1)).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '"1"' } });
  await settled();
  expect(proposals.find('one')).toBe(null);
});

test('decided before it could be withdrawn: it is shown, as what it became', async () => {
  there = [someProposal(MINE)];
  const proposals = await opened();
  await proposals.withdraw(proposals.find('one')!);
  answer = ({ method }) => (method === 'DELETE' ? refusal(409, 'closed') : null);
  there = [someProposal({ ...MINE, state: 'adopted', adopted_as: 2, version: 2 })];
  await drain();
  await vi.waitFor(() => expect(proposals.find('one')?.state).toBe('adopted'));
});

test('a question is there at once and is sent; taking it back says which version', async () => {
  there = [someProposal()];
  const proposals = await opened();
  answer = noSignal;
  await proposals.remark(proposals.find('one')!, 'question', ' Who? ');
  expect(proposals.find('one')!.remarks).toMatchObject([
    { text: 'Who?', mine: true, sending: 'waiting' },
  ]);
  await drain();
  const { id } = proposals.find('one')!.remarks[0]!;
  answer = (seen) => {
    if (seen.method === 'PUT')
      there = [someProposal({ remarks: [someRemark({ id, by: ME, mine: true, text: 'Who?' })] })];
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

test('what I wrote for a proposal that was withdrawn is not lost', async () => {
  there = [someProposal()];
  const proposals = await opened();
  answer = noSignal;
  await proposals.stand(proposals.find('one')!, { position: 'object', text: 'No.', safe_if: '' });
  await proposals.remark(proposals.find('one')!, 'question', 'Who?');
  there = [];
  answer = ({ method }) => (method === 'PUT' ? refusal(404, 'not_found') : null);
  await drain();
  await proposals.loadOne('one');
  expect(proposals.find('one')).toBe(null);
  expect(proposals.left('one')).toMatchObject({
    answer: { said: { text: 'No.' } },
    remarks: [{ text: 'Who?' }],
  });
});

test('deciding now says which version was seen, and the server’s no is passed on', async () => {
  there = [someProposal({ version: 4 })];
  const proposals = await opened();
  answer = ({ method }) => (method === 'POST' ? refusal(409, 'not_everyone') : null);
  expect(await proposals.decideNow(proposals.find('one')!)).toMatchObject({
    kind: 'refused',
    refusal: { reason: 'not_everyone' },
  });
  expect(writes().at(-1)).toMatchObject({
    path: '/api/proposals/one/closing',
    headers: { 'If-Match': '"4"' },
  });
});

test('proposals can be read without signal', async () => {
  there = [someProposal()];
  const before = await opened();
  await before.loadOne('one');
  answer = noSignal;
  const proposals = await again();
  await proposals.loadOne('one');
  expect(proposals.isStale('one')).toBe(true);
  expect(proposals.find('one')).toMatchObject({ text: 'We listen to the end.' });
  expect(proposals.open('rowan')).toHaveLength(1);
});

test('whoever leaves takes all of it along', async () => {
  there = [someProposal()];
  const proposals = await opened();
  await phone.signOut.leaveThisPhone();
  expect(proposals.find('one')).toBe(null);
  expect(proposals.open('rowan')).toEqual([]);
});
