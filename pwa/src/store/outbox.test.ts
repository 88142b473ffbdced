import { beforeEach, expect, test } from 'vitest';
import { begin, drain, here, keep, puts, rows, shown, state } from '../testing/pretend-outbox';
import { json, OTHER, refusal } from '../testing/pretend-server';
import { signedInTab } from '../testing/pretend-tab';

beforeEach(begin);

test('kept words are there at once, waiting, and safe once the server has them', async () => {
  const kept = await keep('I listened longer.');
  expect(state(kept.id)).toBe('waiting');
  await drain();
  expect(await shown(kept.id)).toMatchObject({
    text: 'I listened longer.',
    state: 'safe',
    version: 1,
  });
  expect(await rows()).toEqual([]);
  expect(here.server.writes()[0]!.headers).toMatchObject({ 'If-None-Match': '*' });
});

test('kept words survive a reload and a killed browser', async () => {
  const kept = await keep('I listened longer.');
  here.phone = await signedInTab();
  expect(await shown(kept.id)).toMatchObject({ text: 'I listened longer.', state: 'waiting' });
  await drain();
  expect(here.server.stored.get(kept.id)).toMatchObject({ text: 'I listened longer.' });
});

const HALF_A_WRITE = {
  item: { id: 'x', version: null, sealed: { iv: null, data: new ArrayBuffer(0) } },
  row: { key: null } as never,
};

test('an item and its outbox row are one write: if one cannot be written, neither is', async () => {
  const { items, session } = here.phone;
  await expect(
    items.changeItem(session.phone, 'reflections', 'x', () => HALF_A_WRITE),
  ).rejects.toThrow();
  expect(await session.phone.db.getAll('reflections')).toEqual([]);
});

test.each([
  [
    'a captive portal’s page',
    () =>
      new Response('<html>Welcome to Free Wi-Fi', {
        status: 200,
        headers: { 'Content-Type': 'text/html' },
      }),
  ],
  ['JSON about something else', () => json(200, { id: 'something else', version: 1 })],
  [
    'JSON that claims to be mine but is somebody else’s',
    () =>
      json(201, { id: here.server.seen.at(-1)!.path.split('/').pop(), version: 1, author: OTHER }),
  ],
  ['an empty 204', () => new Response(null, { status: 204 })],
])('%s is not success', async (_what, answer) => {
  const kept = await keep('I listened longer.');
  here.server.faults = [({ method }) => (method === 'PUT' ? answer() : null)];
  await drain();
  expect(await shown(kept.id)).toMatchObject({ state: 'waiting', text: 'I listened longer.' });
  here.server.faults = [];
  await drain();
  expect(here.server.stored.get(kept.id)).toMatchObject({ text: 'I listened longer.' });
});

test('two tabs and the worker send each item once', async () => {
  await keep('one');
  await keep('two');
  const [second, worker] = [await signedInTab(), await signedInTab()];
  here.server.faults = [() => new Promise((done) => setTimeout(() => done(null), 5))];
  await Promise.all([drain(), second.outbox.drain(true), worker.outbox.drain(true)]);
  expect(puts()).toEqual(['one', 'two']);
});

test('a lost answer is made good by sending the same again', async () => {
  const kept = await keep('I listened longer.');
  here.server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  expect((await shown(kept.id))?.state).toBe('waiting');
  here.server.faults = [];
  await drain();
  expect((await shown(kept.id))?.state).toBe('safe');
  expect(here.server.stored.get(kept.id)!.version).toBe(1);
});

test.each([
  ['refused', () => refusal(422, 'poison')],
  ['answered by a fault of the server', () => refusal(500, 'broken')],
  ['never answered', () => 'lost request' as const],
])('one item that is always %s does not hold the others', async (_how, answer) => {
  await keep('poison');
  await keep('one');
  await keep('two');
  here.server.faults = [({ body }) => (body?.text === 'poison' ? answer() : null)];
  await drain();
  await drain();
  expect([...here.server.stored.values()].map((row) => row.text)).toEqual(['one', 'two']);
  expect((await rows()).length).toBe(1);
});

test('words go to disk sealed: nothing that was written can be read in the database', async () => {
  await keep('canary-in-a-coal-mine');
  await here.phone.session.phone.db.put('meta', { key: 'x', value: 'control-canary' });
  const { db } = here.phone.session.phone;
  const everything = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)));
  const bytes = JSON.stringify(everything, (_key, value) =>
    value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value,
  );
  expect(bytes).toContain('control-canary');
  expect(bytes).not.toContain('canary-in-a-coal-mine');
});

/** Words of mine that the server does not have, and something that names them. */
async function namesWaiting() {
  const { items, session } = here.phone;
  const question = { id: 'question-1', text: 'What is tiring?', areas: [], depth: 'gentle' };
  const day = { date: '2026-11-29', choice: 'own', prompt: question };
  await items.writeItem(session.phone, 'prompts', question.id, question);
  here.server.faults = [() => 'lost request'];
  await drain();
  await items.writeItem(session.phone, 'days', day.date, day);
  return day;
}

test('what names something of mine is sent after it, though that was tried in vain before', async () => {
  await namesWaiting();
  here.server.faults = [];
  here.server.seen = [];
  await drain();
  expect(here.server.writes().map(({ path }) => path)).toEqual([
    '/api/prompts/question-1',
    '/api/prompts/days/2026-11-29',
  ]);
});

test('while that waits, what names it is neither sent nor asked about again and again', async () => {
  await namesWaiting();
  here.server.faults = [({ path }) => (path.includes('question') ? refusal(503, 'busy') : null)];
  here.server.seen = [];
  const { nextAt } = await drain();
  expect(here.server.writes().map(({ path }) => path)).toEqual(['/api/prompts/question-1']);
  expect(nextAt).toBeGreaterThan(Date.now());
});

test('what names nothing of it waits for nothing, and neither does taking away', async () => {
  const { items, session } = here.phone;
  const { date } = await namesWaiting();
  await items.writeItem(session.phone, 'days', date, { date, choice: 'given', prompt: null });
  here.server.faults = [({ path }) => (path.includes('question') ? 'lost request' : null)];
  here.server.seen = [];
  await drain();
  expect(here.server.writes().map(({ path }) => path)).toContain('/api/prompts/days/2026-11-29');
});
