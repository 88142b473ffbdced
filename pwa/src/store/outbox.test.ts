import { beforeEach, expect, test, vi } from 'vitest';
import { blankDraft, type KeptReflection } from '../features/reflections/reflections.svelte';
import { json, ME, OTHER, PretendServer, refusal } from './pretend-server';
import { newPhone, settled, signedInTab, type Tab } from './pretend-tab';

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
});

/** Keep words without sending them: what happens in a corridor without signal. */
async function keep(text: string): Promise<KeptReflection> {
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  return phone.reflections.keep({ ...blankDraft(), text });
}

const drain = (eager = true) => phone.outbox.drain(eager);
const rows = () => phone.session.phone.db.getAll('outbox');
const state = (id: string) => phone.reflections.find(id)?.state;
const puts = () => server.writes().map((seen) => seen.body?.text);
async function shown(id: string): Promise<KeptReflection | null> {
  await phone.reflections.load();
  return phone.reflections.find(id);
}

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
  expect(server.writes()[0]!.headers).toMatchObject({ 'If-None-Match': '*' });
});

test('kept words survive a reload and a killed browser', async () => {
  const kept = await keep('I listened longer.');
  phone = await signedInTab();
  expect(await shown(kept.id)).toMatchObject({ text: 'I listened longer.', state: 'waiting' });
  await drain();
  expect(server.stored.get(kept.id)).toMatchObject({ text: 'I listened longer.' });
});

const HALF_A_WRITE = {
  item: { id: 'x', version: null, sealed: { iv: null, data: new ArrayBuffer(0) } },
  row: { key: null } as never,
};

test('an item and its outbox row are one write: if one cannot be written, neither is', async () => {
  const { items, session } = phone;
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
    () => json(201, { id: server.seen.at(-1)!.path.split('/').pop(), version: 1, author: OTHER }),
  ],
  ['an empty 204', () => new Response(null, { status: 204 })],
])('%s is not success', async (_what, answer) => {
  const kept = await keep('I listened longer.');
  server.faults = [({ method }) => (method === 'PUT' ? answer() : null)];
  await drain();
  expect(await shown(kept.id)).toMatchObject({ state: 'waiting', text: 'I listened longer.' });
  server.faults = [];
  await drain();
  expect(server.stored.get(kept.id)).toMatchObject({ text: 'I listened longer.' });
});

test('two tabs and the worker send each item once', async () => {
  await keep('one');
  await keep('two');
  const [second, worker] = [await signedInTab(), await signedInTab()];
  server.faults = [() => new Promise((done) => setTimeout(() => done(null), 5))];
  await Promise.all([drain(), second.outbox.drain(true), worker.outbox.drain(true)]);
  expect(puts()).toEqual(['one', 'two']);
});

test('a lost answer is made good by sending the same again', async () => {
  const kept = await keep('I listened longer.');
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  expect((await shown(kept.id))?.state).toBe('waiting');
  server.faults = [];
  await drain();
  expect((await shown(kept.id))?.state).toBe('safe');
  expect(server.stored.get(kept.id)!.version).toBe(1);
});

test('an edit after a lost answer still arrives: the replayed create does not swallow it', async () => {
  const kept = await keep('first wording');
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  await phone.reflections.change(kept.id, { text: 'second wording' });
  await drain();
  expect(server.stored.get(kept.id)).toMatchObject({ text: 'second wording', version: 2 });
  expect(await shown(kept.id)).toMatchObject({ text: 'second wording', state: 'safe' });
});

test('an edit after a lost answer to an edit is no conflict with oneself', async () => {
  const kept = await keep('first');
  await drain();
  await phone.reflections.change(kept.id, { text: 'second' });
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  await phone.reflections.change(kept.id, { text: 'third' });
  await drain();
  expect(await shown(kept.id)).toMatchObject({ text: 'third', state: 'safe', version: 3 });
});

test('edits before sending merge into one create', async () => {
  const kept = await keep('first');
  await phone.reflections.change(kept.id, { text: 'second' });
  await phone.reflections.change(kept.id, { text: 'third', areas: ['team'] });
  await drain();
  expect(puts()).toEqual(['third']);
  expect(server.stored.get(kept.id)).toMatchObject({ text: 'third', areas: ['team'], version: 1 });
});

test('an edit while the item is on its way is sent after it, under the version it came back with', async () => {
  const kept = await keep('first');
  let edited = false;
  server.faults = [
    async ({ method }) => {
      if (method === 'PUT' && !edited) {
        edited = true;
        await phone.reflections.change(kept.id, { text: 'second' });
      }
      return null;
    },
  ];
  await drain();
  expect(
    server
      .writes()
      .map((seen) => [seen.body!.text, seen.headers['If-None-Match'] ?? seen.headers['If-Match']]),
  ).toEqual([
    ['first', '*'],
    ['second', '"1"'],
  ]);
  expect(await shown(kept.id)).toMatchObject({ text: 'second', state: 'safe', version: 2 });
});

test('deleting something that never left the phone sends nothing', async () => {
  const kept = await keep('never mind');
  await phone.reflections.remove(kept.id);
  await drain();
  expect(server.writes()).toEqual([]);
  expect(await shown(kept.id)).toBeNull();
});

test('deleting something that may have arrived does tell the server', async () => {
  const kept = await keep('never mind');
  server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  server.faults = [];
  await phone.reflections.remove(kept.id);
  await drain();
  expect(server.stored.get(kept.id)!.deleted).toBe(true);
  expect(await phone.session.phone.db.getAll('reflections')).toEqual([]);
  expect(await rows()).toEqual([]);
});

test('deleting while the create is on its way deletes it there too', async () => {
  const kept = await keep('never mind');
  let once = false;
  server.faults = [
    async ({ method }) => {
      if (method === 'PUT' && !once) {
        once = true;
        await phone.reflections.remove(kept.id);
      }
      return null;
    },
  ];
  await drain();
  expect(server.stored.get(kept.id)!.deleted).toBe(true);
  expect(await shown(kept.id)).toBeNull();
  expect(await rows()).toEqual([]);
});

test('401 pauses everything, drops nothing, and sends after the next sign-in', async () => {
  await keep('one');
  await keep('two');
  server.who = null;
  await drain();
  expect(server.writes()).toHaveLength(1);
  expect((await rows()).map((row) => row.state)).toEqual(['waiting', 'waiting']);
  await drain();
  expect(server.writes()).toHaveLength(1);
  server.who = ME;
  await phone.device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  await drain();
  expect(await rows()).toEqual([]);
  expect(server.stored.size).toBe(2);
});

test.each([403, 422, 404])(
  '%i parks the item, text and reason kept; editing it sends it again',
  async (status) => {
    const kept = await keep('too bold');
    server.faults = [
      ({ body }) =>
        body?.text === 'too bold'
          ? refusal(status, 'not_so', { errors: { json: { text: ['Say it otherwise.'] } } })
          : null,
    ];
    await drain();
    const parked = await shown(kept.id);
    expect(parked).toMatchObject({
      state: 'parked',
      text: 'too bold',
      problem: {
        status,
        reason: 'not_so',
        message: 'A sentence about not_so.',
        fields: { text: ['Say it otherwise.'] },
      },
    });
    const before = server.writes().length;
    await drain();
    expect(server.writes()).toHaveLength(before);
    await phone.reflections.change(kept.id, { text: 'bold' });
    await drain();
    expect(await shown(kept.id)).toMatchObject({ state: 'safe', text: 'bold' });
  },
);

test('a parked item can be sent again as it is', async () => {
  const kept = await keep('as it is');
  server.faults = [({ method }) => (method === 'PUT' ? refusal(403, 'not_now') : null)];
  await drain();
  server.faults = [];
  await phone.reflections.retry(kept.id);
  await drain();
  expect((await shown(kept.id))?.state).toBe('safe');
});

test.each([
  ['refused', () => refusal(422, 'poison')],
  ['answered by a fault of the server', () => refusal(500, 'broken')],
  ['never answered', () => 'lost request' as const],
])('one item that is always %s does not hold the others', async (_how, answer) => {
  await keep('poison');
  await keep('one');
  await keep('two');
  server.faults = [({ body }) => (body?.text === 'poison' ? answer() : null)];
  await drain();
  await drain();
  expect([...server.stored.values()].map((row) => row.text)).toEqual(['one', 'two']);
  expect((await rows()).length).toBe(1);
});

test.each([
  ['seconds', '120'],
  ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
])('Retry-After in %s is waited out, also by the eager', async (_form, header) => {
  const kept = await keep('patience');
  server.faults = [
    ({ method }) =>
      method === 'PUT'
        ? refusal(
            503,
            'busy',
            {},
            { 'Retry-After': typeof header === 'string' ? header : header() },
          )
        : null,
  ];
  const { nextAt } = await drain();
  expect(nextAt! - Date.now()).toBeGreaterThan(110_000);
  expect(nextAt! - Date.now()).toBeLessThanOrEqual(121_000);
  server.faults = [];
  await drain();
  expect(server.writes()).toHaveLength(1);
  vi.useFakeTimers({ now: Date.now() + 130_000, toFake: ['Date'] });
  await drain();
  vi.useRealTimers();
  expect((await shown(kept.id))?.state).toBe('safe');
});

test('waits grow, with jitter, up to a quarter of an hour; signal ends a guessed wait', async () => {
  await keep('no signal');
  server.faults = [() => 'lost request'];
  const waits: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const { nextAt } = await drain();
    waits.push(nextAt! - Date.now());
  }
  expect(waits[0]).toBeLessThanOrEqual(2_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000);
  expect(Math.min(...waits.slice(-2))).toBeGreaterThan(6 * 60_000);
  expect(new Set(waits).size).toBe(waits.length);
  const before = server.writes().length;
  await drain(false);
  expect(server.writes()).toHaveLength(before);
  server.faults = [];
  await drain(true);
  expect(server.stored.size).toBe(1);
});

test('nothing unsent ever expires', async () => {
  const kept = await keep('a year in a drawer');
  server.faults = [() => 'lost request'];
  for (let i = 0; i < 40; i += 1) await drain();
  vi.useFakeTimers({ now: Date.now() + 400 * 24 * 3600_000, toFake: ['Date'] });
  server.faults = [];
  await drain(false);
  vi.useRealTimers();
  expect(server.stored.get(kept.id)).toMatchObject({ text: 'a year in a drawer' });
});

test('words go to disk sealed: nothing that was written can be read in the database', async () => {
  await keep('canary-in-a-coal-mine');
  await phone.session.phone.db.put('meta', { key: 'x', value: 'control-canary' });
  const { db } = phone.session.phone;
  const everything = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)));
  const bytes = JSON.stringify(everything, (_key, value) =>
    value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value,
  );
  expect(bytes).toContain('control-canary');
  expect(bytes).not.toContain('canary-in-a-coal-mine');
});

test('background sync: the worker asks to be woken again while there is no signal', async () => {
  await keep('later');
  const { onSync } = await import('../worker/sync');
  server.faults = [() => 'lost request'];
  await expect(onSync('outbox')).rejects.toThrow();
  server.faults = [];
  await onSync('outbox');
  await settled();
  expect(server.stored.size).toBe(1);
});
