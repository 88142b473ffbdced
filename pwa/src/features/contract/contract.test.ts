import { beforeEach, expect, test, vi } from 'vitest';
import type { ContractOut, ProposalOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer, refusal, type Seen } from '../../testing/pretend-server';
import { drained, newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';
import {
  aCommitment,
  aContract,
  aProposal,
  aReview,
  aVersion,
  ROWAN,
} from '../../testing/pretend-contract';

let server: PretendServer;
let phone: Tab;
let now: ContractOut;
let proposals: ProposalOut[];
let hasSignal: boolean;
let answer: (seen: Seen) => Response | null;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  now = aContract({ version: 2 });
  proposals = [];
  hasSignal = true;
  answer = () => null;
  server.faults = [(seen) => (hasSignal ? (answer(seen) ?? told(seen)) : 'lost request')];
  phone = await opened();
});

async function opened(): Promise<Tab> {
  const tab = await signedInTab();
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  return tab;
}

function told({ method, path }: Seen): Response | null {
  if (method !== 'GET') return null;
  const number = Number(path.match(/contract\/versions\/(\d)$/)?.[1] ?? 0);
  if (number) {
    const commitments = [aCommitment('c1', `Wording ${number}.`)];
    return json(200, { number, made_at: aVersion(number).made_at, commitments });
  }
  if (path.endsWith('/contract/versions'))
    return json(200, { items: [aVersion(2), aVersion(1)], next: null });
  if (path.endsWith('/contract')) return json(200, now);
  return path.includes('/proposals?') ? json(200, { items: proposals, next: null }) : null;
}

async function ours() {
  const { contractOf } = await import('./contract.svelte');
  const contract = contractOf(ROWAN);
  await contract.load();
  return contract;
}

const drain = () => drained(phone);
const asked = (part: string) => server.seen.filter(({ path }) => path.includes(part));
const writes = () => server.writes().filter(({ path }) => path.includes('contract'));

test('what was read once can be read without signal, back to the first version', async () => {
  await ours();
  hasSignal = false;
  phone = await opened();
  const contract = await ours();
  expect(contract.isStale).toBe(true);
  expect(contract.now?.commitments[0]?.text).toBe('We listen before we speak.');
  expect(contract.versions?.map(({ number }) => number)).toEqual([2, 1]);
  expect(contract.whole(1)?.commitments[0]?.text).toBe('Wording 1.');
  expect(contract.whole(2)?.commitments[0]?.text).toBe('Wording 2.');
});

test('a version never changes, and is fetched once', async () => {
  const contract = await ours();
  await contract.load();
  phone = await opened();
  await ours();
  expect(asked('/contract/versions/')).toHaveLength(2);
  const together = (body: unknown) => JSON.stringify(body)?.includes('/contract/versions/');
  expect(server.seen.filter(({ body }) => together(body))).toHaveLength(1);
});

test('however many versions and proposals there are, all of them are shown', async () => {
  const after = (path: string) => new URL(path, 'http://here').searchParams.get('after');
  answer = ({ method, path }) => {
    if (method !== 'GET') return null;
    if (path.includes('/versions?') || path.endsWith('/versions'))
      return after(path)
        ? json(200, { items: [aVersion(1)], next: null })
        : json(200, { items: [aVersion(3), aVersion(2)], next: 'two' });
    if (!path.includes('/proposals')) return null;
    const [id, next] = after(path) ? ['p2', null] : ['p1', 'more'];
    return json(200, { items: [aProposal({ id: id! })], next });
  };
  const contract = await ours();
  expect(contract.versions?.map(({ number }) => number)).toEqual([3, 2, 1]);
  expect(contract.whole(1)?.commitments[0]?.text).toBe('Wording 1.');
  expect(contract.proposals.map(({ id }) => id).toSorted()).toEqual(['p1', 'p2']);
});

test('each version is shown once, also where those behind the newest cannot be had', async () => {
  const contract = await ours();
  answer = ({ path }) => {
    if (path.endsWith('/versions'))
      return json(200, { items: [aVersion(3), aVersion(2)], next: 'two' });
    return path.includes('/versions?') ? refusal(503, 'busy') : null;
  };
  await contract.load();
  expect(contract.versions?.map(({ number }) => number)).toEqual([3, 2, 1]);
});

test('what does not come with the contract to be looked at comes behind it', async () => {
  const [first, second] = [
    aReview({ id: 'r1', opened_at: '2026-11-21T09:00:00Z' }),
    aReview({ id: 'r2' }),
  ];
  now = aContract({ reviews: [first], earlier_reviews: 'r1' });
  answer = ({ path }) =>
    path.endsWith('/contract/reviews') ? json(200, { items: [first, second], next: null }) : null;
  const contract = await ours();
  expect(contract.reviews.map(({ id }) => id)).toEqual(['r1', 'r2']);
  await contract.endReview('r2');
  expect(contract.reviews).toMatchObject([{ isEnding: false }, { id: 'r2', isEnding: true }]);
  hasSignal = false;
  phone = await opened();
  expect((await ours()).reviews).toHaveLength(2);
});

test('it is the same contract on every screen, and nobody else’s after somebody left', async () => {
  const { contractOf } = await import('./contract.svelte');
  expect(contractOf(ROWAN)).toBe(contractOf(ROWAN));
  expect(contractOf('alder')).not.toBe(contractOf(ROWAN));
});

test('asking to look again is kept at once, and sent when there is signal', async () => {
  hasSignal = false;
  const contract = await ours();
  await contract.askToLookAgain('  What about silence? ');
  expect(contract.reviews).toMatchObject([
    { text: 'What about silence?', by: { id: ME.id }, state: 'waiting' },
  ]);
  hasSignal = true;
  answer = ({ method, path, body }) =>
    method === 'PUT'
      ? json(201, aReview({ ...body, id: path.split('/')[3]!, by: ME } as object))
      : null;
  await drain();
  expect(writes().at(-1)).toMatchObject({
    method: 'PUT',
    body: { cohort_id: ROWAN, text: 'What about silence?' },
    headers: { 'If-None-Match': '*' },
  });
});

test('any member says that we have looked at it, with signal or later', async () => {
  now = aContract({ reviews: [aReview({ id: 'r1', by: OTHER })] });
  const contract = await ours();
  expect(contract.reviews).toHaveLength(1);
  await contract.endReview('r1');
  expect(contract.reviews).toMatchObject([{ id: 'r1', isEnding: true, state: 'waiting' }]);
  answer = ({ method }) => (method === 'DELETE' ? new Response(null, { status: 204 }) : null);
  await drain();
  expect(writes().at(-1)).toMatchObject({ method: 'DELETE', path: '/api/contract-reviews/r1' });
  now = aContract();
  await contract.load();
  expect(contract.reviews).toEqual([]);
});

test('that we have looked at it is taken back while it is unsent, and then is never sent', async () => {
  now = aContract({ reviews: [aReview({ id: 'r1', by: OTHER })] });
  const contract = await ours();
  hasSignal = false;
  await contract.endReview('r1');
  await drain();
  phone = await opened();
  const reopened = await ours();
  expect(reopened.reviews).toMatchObject([{ id: 'r1', isEnding: true, state: 'waiting' }]);
  await reopened.takeEndingBack('r1');
  expect(reopened.reviews).toMatchObject([{ id: 'r1', isEnding: false, state: 'safe' }]);
  hasSignal = true;
  const before = writes().length;
  await drain();
  await reopened.load();
  expect(writes()).toHaveLength(before);
  expect(reopened.reviews).toMatchObject([{ id: 'r1', isEnding: false, state: 'safe' }]);
});

test('a taken back ending that had reached the server after all is told as what it is', async () => {
  now = aContract({ reviews: [aReview({ id: 'r1', by: OTHER })] });
  const contract = await ours();
  await contract.endReview('r1');
  now = aContract({
    reviews: [aReview({ id: 'r1', ended_at: '2026-11-21T09:00:00Z', ended_by: ME })],
  });
  await contract.takeEndingBack('r1');
  expect(contract.reviews).toMatchObject([{ id: 'r1', ended_by: { id: ME.id }, state: 'safe' }]);
});

test('what the server refuses stays here with its sentence, until it is let go', async () => {
  const contract = await ours();
  await contract.askToLookAgain('Once more');
  answer = ({ method }) => (method === 'PUT' ? refusal(409, 'too_many') : null);
  await drain();
  await contract.load();
  const [parked] = contract.reviews;
  expect(parked).toMatchObject({
    state: 'parked',
    problem: { message: 'A sentence about too_many.' },
  });
  await contract.letReviewGo(parked!.id);
  await contract.load();
  expect(contract.reviews).toEqual([]);
});

test('what is considered stands in the order in which it closes; what is decided does not', async () => {
  proposals = [
    aProposal({ id: 'late', closes_at: '2099-12-01T00:00:00Z' }),
    aProposal({ id: 'soon', closes_at: '2099-11-01T00:00:00Z' }),
    aProposal({ id: 'over', closed_at: '2026-11-01T00:00:00Z' }),
  ];
  const contract = await ours();
  expect(contract.proposals.map(({ id }) => id)).toEqual(['soon', 'late']);
});

test('when we look back: only what changes travels, and the contract is read anew', async () => {
  const contract = await ours();
  answer = ({ method }) => {
    if (method !== 'PATCH') return null;
    now = aContract({ check_in_every_weeks: 9 });
    return json(200, now);
  };
  const done = await contract.change({ check_in_every_weeks: 9 });
  expect(done.kind).toBe('ok');
  expect(writes().at(-1)?.body).toEqual({ check_in_every_weeks: 9 });
  expect(contract.now?.check_in_every_weeks).toBe(9);
});
