import { beforeEach, expect, test, vi } from 'vitest';
import { today } from '../core/days';
import { answers, askedBefore, begin, drained, here, list } from '../testing/late-answers';
import { json, ME, refusal, type Seen } from '../testing/pretend-server';
import { settled, signedInTab } from '../testing/pretend-tab';

/**
 * An answer that was asked for before what I did had arrived comes after it: it must not bring back how things were.
 * One test for each place that shows mine before the server's.
 */
beforeEach(begin);

const gone = ({ method }: Seen) =>
  method === 'DELETE' ? new Response(null, { status: 204 }) : null;

// --- the question of the day

const TODAY = '/api/prompts/today';
const question = (id: string) => ({ id, text: `Question ${id}?` });
const day = (choice: string, id: string) => ({
  date: today(),
  choice,
  prompt: question(id),
  coming: [],
});

async function theDay() {
  here.there[TODAY] = day('given', 'a');
  answers(({ method, path, body }) => {
    if (method !== 'PUT' || !path.startsWith('/api/prompts/days/')) return null;
    here.there[TODAY] = day(String(body!.choice), String(body!.prompt_id));
    return json(200, here.there[TODAY]);
  });
  const { question: today } = await import('./prompts/today.svelte');
  await today.load();
  return today;
}

const choose = async (store: Awaited<ReturnType<typeof theDay>>, id: string) =>
  store.choose('chosen', question(id) as never);

test('the question that I chose stays', async () => {
  const store = await theDay();
  const arrives = await askedBefore(TODAY, () => store.load());
  await choose(store, 'b');
  await drained();
  expect(await here.phone.session.phone.db.count('outbox')).toBe(0);
  await arrives();
  expect(store.prompt?.id).toBe('b');
  await store.load();
  expect(store.prompt?.id).toBe('b');
  expect(await here.phone.session.phone.db.count('days')).toBe(0);
});

test('the second choice stays when what comes late knows the first', async () => {
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
  const store = await theDay();
  await choose(store, 'b');
  // Nothing is told of what is sent: another tab sends it.
  const other = await signedInTab();
  await other.outbox.drain(true);
  const arrives = await askedBefore(TODAY, () => store.load());
  await choose(store, 'c');
  await other.outbox.drain(true);
  await arrives();
  expect(store.prompt?.id).toBe('c');
});

test.each([
  [401, 'not_signed_in'],
  [429, 'busy'],
])('what is refused (%i) says nothing of my choice', async (status, reason) => {
  const store = await theDay();
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
  answers(({ path }) => (path === TODAY ? refusal(status, reason) : null));
  await choose(store, 'b');
  await drained();
  await store.load();
  expect(store.prompt?.id).toBe('b');
});

// --- lists in which things are made and changed

const REMINDERS = '/api/cohorts/rowan/reminders';
const reminder = (id: string, at = '09:00') => ({
  id,
  version: 1,
  cohort_id: 'rowan',
  about: 'reflect',
  weekdays: [1],
  at,
  every_weeks: 1,
  starts_on: '2026-11-01',
  ends_on: null,
});

async function theReminders() {
  const { Reminders } = await import('./reminders/reminders.svelte');
  const reminders = new Reminders('rowan');
  reminders.follow();
  await settled();
  return reminders;
}

test('what I took away does not come back', async () => {
  here.there[REMINDERS] = list(reminder('r'));
  answers((seen) => {
    if (seen.method === 'DELETE') here.there[REMINDERS] = list();
    return gone(seen);
  });
  const reminders = await theReminders();
  expect(reminders.items).toHaveLength(1);
  const arrives = await askedBefore(REMINDERS, () => reminders.load());
  const again = here.server.holdBack(({ path }) => path === REMINDERS);
  await reminders.remove('r');
  await drained();
  await arrives();
  expect(reminders.items).toEqual([]);
  again.release();
  await settled();
  expect(reminders.items).toEqual([]);
});

test('what I took away and took back before it was sent is there', async () => {
  const { ListCollection } = await import('../store/list-collection.svelte');
  here.there[REMINDERS] = list(reminder('r'));
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
  const kept = new ListCollection<ReturnType<typeof reminder>>('reminders', REMINDERS as never);
  await kept.load();
  await kept.remove('r');
  expect(kept.items).toEqual([]);
  await kept.takeBack('r');
  expect(kept.items).toHaveLength(1);
});

test('what I changed stays as I left it', async () => {
  here.there[REMINDERS] = list(reminder('r'));
  answers(({ method, body }) => {
    if (method !== 'PUT') return null;
    const changed = { ...reminder('r'), ...body, version: 2 };
    here.there[REMINDERS] = list(changed);
    return json(200, changed);
  });
  const reminders = await theReminders();
  const arrives = await askedBefore(REMINDERS, () => reminders.load());
  await reminders.keep({ ...reminder('r'), at: '10:00' } as never, reminder('r') as never);
  await drained();
  await arrives();
  expect(reminders.items.map(({ at }) => at)).toEqual(['10:00']);
});

// --- responses

const RESPONSES = '/api/reflections/x/responses';

async function theResponses() {
  const { Responses } = await import('./responses/responses.svelte');
  const responses = new Responses('x');
  responses.start();
  await settled();
  return responses;
}

test('my response stays', async () => {
  here.there[RESPONSES] = list();
  const responses = await theResponses();
  const arrives = await askedBefore(RESPONSES, () => responses.load());
  await responses.respond('curious', 'What then?');
  await drained();
  await settled();
  await arrives();
  expect(responses.items.map(({ text }) => text)).toEqual(['What then?']);
});

test('a response that I took back stays away', async () => {
  const mine = { id: 'm', reflection_id: 'x', kind: 'curious', text: 'What then?', mine: true };
  here.there[RESPONSES] = list({ ...mine, by: ME, version: 1, created_at: '', changed_at: '' });
  answers((seen) => {
    if (seen.method === 'DELETE') here.there[RESPONSES] = list();
    return gone(seen);
  });
  const responses = await theResponses();
  expect(responses.items).toHaveLength(1);
  await responses.takeBack('m');
  const arrives = await askedBefore(RESPONSES, () => responses.load());
  await drained();
  await settled();
  await arrives();
  expect(responses.items).toEqual([]);
  await responses.load();
  expect(await here.phone.session.phone.db.count('responses')).toBe(0);
});

test('a response that I took back while it was asked for stays away', async () => {
  const mine = { id: 'm', reflection_id: 'x', kind: 'curious', text: 'What then?', mine: true };
  here.there[RESPONSES] = list({ ...mine, by: ME, version: 1, created_at: '', changed_at: '' });
  answers(gone);
  const responses = await theResponses();
  const arrives = await askedBefore(RESPONSES, () => responses.load());
  await responses.takeBack('m');
  await drained();
  await arrives();
  expect(responses.items).toEqual([]);
});

// --- check-ins

const CHECK_INS = '/api/cohorts/rowan/check-ins';
const answer = (word: string) => ({ word, note: '', signed: false, wants_to_talk: false });
const checkIn = (word: string | null) => ({
  id: 'one',
  cohort_id: 'rowan',
  commitment: { id: 'c', text: 'We listen' },
  opened_at: '2026-11-20T10:00:00Z',
  closes_at: '2099-01-01T00:00:00Z',
  closed_at: null,
  is_open: true,
  is_for_me: true,
  my_answer: word && answer(word),
});

async function theCheckIns() {
  here.there[CHECK_INS] = list(checkIn('lived'));
  answers(({ method, path, body }) => {
    if (method !== 'PUT' || !path.endsWith('/answer')) return null;
    here.there[CHECK_INS] = list(checkIn(String(body!.word)));
    return json(200, checkIn(String(body!.word)));
  });
  const { checkIns } = await import('./pulse/check-ins.svelte');
  await checkIns.loadOf('rowan');
  return checkIns;
}

test('my changed word stays, and without signal too', async () => {
  const checkIns = await theCheckIns();
  const mine = () => checkIns.mine(checkIns.of('rowan').value!.items[0]!)?.word;
  expect(mine()).toBe('lived');
  const arrives = await askedBefore(CHECK_INS, () => checkIns.loadOf('rowan'));
  await checkIns.answer('one', answer('drifted') as never);
  await drained();
  await settled();
  await arrives();
  expect(mine()).toBe('drifted');
  answers(() => {
    throw new TypeError('Failed to fetch');
  });
  here.phone = await signedInTab();
  const { checkIns: later } = await import('./pulse/check-ins.svelte');
  await later.loadOf('rowan');
  expect(later.mine(later.of('rowan').value!.items[0]!)?.word).toBe('drifted');
});

test('a check-in that I asked for is in the list', async () => {
  here.there[CHECK_INS] = list();
  const { checkIns } = await import('./pulse/check-ins.svelte');
  answers(({ method, path }) => {
    if (method !== 'PUT') return null;
    const made = { ...checkIn(null), id: path.split('/')[3] };
    here.there[CHECK_INS] = list(made);
    return json(201, made);
  });
  const arrives = await askedBefore(CHECK_INS, () => checkIns.loadOf('rowan'));
  const asked = checkIns.ask('rowan', 'c');
  await settled();
  await arrives();
  await asked;
  expect(checkIns.open('rowan')).toHaveLength(1);
});
