import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, PretendServer, refusal, type Fault } from '../../testing/pretend-server';
import { newPhone, signedInTab, tab } from '../../testing/pretend-tab';

let server: PretendServer;
/** Whether who accepts is in the cohort already. */
let wasThere: boolean;
let contract: { version: number; made_at: string | null; commitments: object[] };
const commitment = { id: 'c', text: 'We listen.', why: '', place: 0 };

const cohort = { id: 'c', name: 'Rowan', purpose: '', my_role: 'participant', version: 1 };
const session = {
  id: 's',
  person: { ...ME, email: 'ana@example.org', version: 1 },
  started_at: '',
};
const welcome = {
  cohort,
  invited_by: 'Morag',
  role: 'participant',
  people: 14,
  facilitator_can: [],
  facilitator_cannot: [],
};

const invited: Fault = ({ path, method, body }) => {
  if (path === '/api/invitations/TOKEN/codes') return json(202, { expires_in: 600 });
  if (path === '/api/cohorts') return json(200, { items: [cohort], next: null });
  if (path === '/api/invitations/TOKEN/contract') return json(200, contract);
  if (path === '/api/invitations/TOKEN') return json(200, welcome);
  if (path !== '/api/invitations/TOKEN/acceptance' || method !== 'POST') return null;
  server.who = ME;
  return json(wasThere ? 200 : 201, { cohort, session: body?.email ? session : null });
};

beforeEach(() => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  wasThere = false;
  contract = { version: 0, made_at: null, commitments: [] };
  server.faults = [invited];
});

async function opened(token = 'TOKEN') {
  const { Joining } = await import('./joining.svelte');
  const joining = new Joining(token);
  await joining.start();
  return joining;
}

test('looking at an invitation only reads', async () => {
  await tab();
  const joining = await opened();
  expect(joining.welcome?.cohort.name).toBe('Rowan');
  expect(server.writes()).toEqual([]);
});

test('a link without its end is nothing to ask the server about', async () => {
  await tab();
  const joining = await opened('');
  expect(joining.noWelcome).toEqual({ kind: 'unknown' });
  expect(server.seen).toEqual([]);
});

test('joining without an account: name, address, code, in', async () => {
  server.who = null;
  const { session } = await tab();
  await session.start();
  const joining = await opened();
  joining.name = ' Ana ';
  joining.email = 'ana@example.org';
  await joining.askToJoin();
  // at the invitation, which has letters of its own
  expect(server.writes().at(-1)!.path).toBe('/api/invitations/TOKEN/codes');
  await joining.joinWith('1234 5678');
  expect(joining).toMatchObject({ hasJoined: true });
  expect(session.person?.name).toBe('Ana');
  expect(server.writes().at(-1)!.body).toMatchObject({
    name: 'Ana',
    email: 'ana@example.org',
    code: '12345678',
    matters: '',
  });
});

test('everything typed is there again after a trip to the mail app that killed the tab', async () => {
  server.who = null;
  await tab();
  const before = await opened();
  before.name = 'Ana';
  before.email = 'ana@example.org';
  before.matters = 'Fairness on nights';
  await before.askToJoin();
  await tab();
  const after = await opened();
  expect(after).toMatchObject({
    name: 'Ana',
    email: 'ana@example.org',
    matters: 'Fairness on nights',
    step: 'code',
    isOnItsWay: true,
  });
  const { SignIn } = await import('../sign_in/sign_in.svelte');
  const signIn = new SignIn();
  await signIn.start();
  expect(signIn.invitation).toBe('TOKEN');
});

test('somebody signed in just joins', async () => {
  const { session } = await signedInTab();
  const joining = await opened();
  await joining.joinSignedIn();
  expect(joining.hasJoined).toBe(true);
  expect(server.writes().at(-1)!.body).toEqual({});
  expect(session.state).toBe('signed_in');
});

test.each([
  [refusal(404, 'not_found'), { kind: 'unknown' }],
  [refusal(410, 'invitation_over'), { kind: 'over', message: 'A sentence about invitation_over.' }],
  [refusal(503, 'busy'), { kind: 'no_signal' }],
])('an invitation that leads nowhere says why', async (answer, expected) => {
  await tab();
  server.faults = [() => answer.clone()];
  expect((await opened()).noWelcome).toEqual(expected);
});

test('the contract can be read before joining, and what is needed is asked once, after it', async () => {
  contract = { version: 2, made_at: '2026-11-01T09:00:00Z', commitments: [commitment] };
  const { session, connection } = await signedInTab();
  vi.spyOn(connection, 'hasNew').mockImplementation(() => {});
  const joining = await opened();
  expect(joining.contract?.commitments).toEqual([commitment]);
  await joining.joinSignedIn();
  expect(joining).toMatchObject({ hasJoined: true, askedBy: 'c' });
  await joining.need(' Quiet time ');
  joining.goIn();
  expect(joining.askedBy).toBeNull();
  const [row] = await session.phone.db.getAll('outbox');
  expect(row).toMatchObject({ kind: 'reviews', state: 'waiting' });
});

test('who was in it already is not told that they are in, nor asked what they need', async () => {
  contract = { version: 2, made_at: '2026-11-01T09:00:00Z', commitments: [commitment] };
  wasThere = true;
  await signedInTab();
  const joining = await opened();
  await joining.joinSignedIn();
  expect(joining).toMatchObject({ hasJoined: true, askedBy: null, landsOn: '/cohort' });
});

test.each([
  ['whoever joins their first cohort', 'on Today', () => new Date(), false, '/'],
  ['who joined the first of theirs long ago', 'there', () => new Date(0), false, '/cohort'],
  ['who was in it already', 'there', () => new Date(), true, '/cohort'],
])('%s lands %s', async (_who, _where, joinedAt, was, path) => {
  wasThere = was;
  const joined_at = joinedAt().toISOString();
  server.faults.unshift((asked) =>
    asked.path === '/api/cohorts'
      ? json(200, { items: [{ ...cohort, joined_at }], next: null })
      : null,
  );
  await signedInTab();
  const joining = await opened();
  await joining.joinSignedIn();
  expect(joining.landsOn).toBe(path);
});

test('where there is no contract yet, nobody is asked', async () => {
  await signedInTab();
  const joining = await opened();
  await joining.joinSignedIn();
  expect(joining).toMatchObject({ contract: null, hasJoined: true, askedBy: null });
});

test('an invitation is as good when its contract cannot be read', async () => {
  await tab();
  server.faults.unshift(({ path }) => (path.endsWith('/contract') ? 'lost request' : null));
  const joining = await opened();
  expect(joining.welcome?.cohort.name).toBe('Rowan');
  expect(joining.contract).toBeNull();
});

test('whoever is signed in and hears nothing is told of no address, and may try again', async () => {
  await signedInTab();
  await (await import('../../i18n')).learn(['joining']);
  const joining = await opened();
  server.faults.unshift(({ path }) => (path.endsWith('/acceptance') ? 'lost request' : null));
  await joining.joinSignedIn();
  expect(joining.problem?.message).toBe(
    'There was no signal just now, so you may be in already. Try again in a moment: you join only once.',
  );
  server.faults = [invited];
  await joining.joinSignedIn();
  expect([joining.problem, joining.hasJoined]).toEqual([null, true]);
});
