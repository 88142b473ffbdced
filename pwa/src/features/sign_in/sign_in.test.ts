import { beforeEach, expect, test } from 'vitest';
import { json, ME, PretendServer, refusal, type Fault } from '../../testing/pretend-server';
import { newPhone, tab } from '../../testing/pretend-tab';

let server: PretendServer;

const session = {
  id: 's',
  person: {
    ...ME,
    email: 'ana@example.org',
    time_zone: 'Europe/London',
    language: 'en',
    may_convene: false,
    version: 1,
    matters: '',
    brings: '',
    curious_about: '',
  },
  started_at: '2026-11-22T09:00:00Z',
};

const asked: Fault = ({ path }) =>
  path === '/api/sign-in/codes' ? json(202, { expires_in: 600 }) : null;
const proved: Fault = ({ path, body }) => {
  if (path !== '/api/sign-in/sessions') return null;
  return body?.code === '12345678' ? json(201, session) : refusal(403, 'wrong_code');
};

beforeEach(() => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  server.who = null;
  server.faults = [asked, proved];
});

async function opened() {
  const { session } = await tab();
  await session.start();
  const { SignIn } = await import('./sign_in.svelte');
  const signIn = new SignIn();
  await signIn.start();
  return { signIn, session };
}

test('an address, a code pasted with spaces, and in', async () => {
  const { signIn, session } = await opened();
  expect(signIn.step).toBe('email');
  signIn.email = ' ana@example.org ';
  await signIn.askForCode();
  expect(signIn.step).toBe('code');
  await signIn.signIn(' 1234 5678 ');
  expect(session.state).toBe('signed_in');
  expect(session.person?.name).toBe('Ana');
  expect(server.writes().map((seen) => seen.body)).toEqual([
    { email: 'ana@example.org' },
    { email: 'ana@example.org', code: '12345678' },
  ]);
});

test.each([
  '\u200bana@example.org',
  'ana@example.org\ufeff',
  'ana@exam\u00adple.org',
  '\u2068ana@example.org\u2069',
  '\u00a0ana@example.org\u2060 ',
])('what nobody sees of an address is neither sent nor kept: %#', async (typed) => {
  const { signIn } = await opened();
  signIn.email = typed;
  await signIn.askForCode();
  const { readHalfSignIn } = await import('../../store/device');
  expect((await readHalfSignIn())?.email).toBe('ana@example.org');
  await signIn.signIn('12345678');
  expect(server.writes().map((seen) => seen.body)).toEqual([
    { email: 'ana@example.org' },
    { email: 'ana@example.org', code: '12345678' },
  ]);
});

test('back from the mail app after the tab was killed: the code is asked for, not the address', async () => {
  const first = await opened();
  first.signIn.email = 'ana@example.org';
  await first.signIn.askForCode();
  const { signIn, session } = await opened();
  expect(signIn.step).toBe('code');
  expect(signIn.email).toBe('ana@example.org');
  await signIn.signIn('12345678');
  expect(session.state).toBe('signed_in');
});

test('a code that is too old is not waited for, but the address is still there', async () => {
  const { device } = await tab();
  await device.writeHalfSignIn({ email: 'ana@example.org', asked_at: Date.now() - 3600_000 });
  const { signIn } = await opened();
  expect(signIn.step).toBe('email');
  expect(signIn.email).toBe('ana@example.org');
});

test.each([
  [refusal(403, 'wrong_code'), 'code'],
  [refusal(403, 'code_expired'), 'code'],
  [refusal(403, 'not_invited'), 'all'],
  [refusal(429, 'too_many', {}, { 'Retry-After': '120' }), 'all'],
  [refusal(422, 'invalid', { errors: { json: { code: ['The code has eight digits.'] } } }), 'code'],
])(
  'a refusal says what to do, at the right place, and leaves the person where they were',
  async (answer, about) => {
    const { signIn, session } = await opened();
    signIn.email = 'ana@example.org';
    await signIn.askForCode();
    server.faults = [() => answer.clone()];
    await signIn.signIn('00000000');
    expect(signIn.problem).toMatchObject({ about });
    expect(signIn.step).toBe('code');
    expect(session.state).toBe('signed_out');
  },
);

test('a code of eight digits is whole, and so is one of twelve', async () => {
  const { isWhole } = await import('./sign_in.svelte');
  const typed = ['1234 5678', '1234-5678-9012', '123456789012', '1234 567', '1234 5678 9', ''];
  expect(typed.map(isWhole)).toEqual([true, true, true, false, false, false]);
});

test('no signal says so, and another code can be sent', async () => {
  const { signIn } = await opened();
  signIn.email = 'ana@example.org';
  server.faults = [() => 'lost request'];
  await signIn.askForCode();
  expect(signIn.problem).toMatchObject({ about: 'all' });
  expect(signIn.step).toBe('email');
  server.faults = [asked];
  await signIn.askForCode();
  await signIn.sendAgain();
  expect(signIn.wasSentAgain).toBe(true);
});

test('the demo’s people are offered only where the server has them', async () => {
  server.faults = [
    ({ path }) =>
      path === '/api/sign-in/demo'
        ? json(200, { people: [{ key: 'a', name: 'Ana', part: 'participant' }] })
        : null,
  ];
  const { signIn } = await opened();
  await expect.poll(() => signIn.demoPeople.length).toBe(1);
  server.faults = [];
  const other = await opened();
  expect(other.signIn.demoPeople).toEqual([]);
});
