import { beforeEach, expect, test, vi } from 'vitest';
import { begin, drain, here, keep, puts, rows, shown } from '../testing/pretend-outbox';
import { ME, refusal } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';

beforeEach(begin);

test('401 pauses everything, drops nothing, and sends after the next sign-in', async () => {
  await keep('one');
  await keep('two');
  here.server.who = null;
  await drain();
  expect(here.server.writes()).toHaveLength(1);
  expect((await rows()).map((row) => row.state)).toEqual(['waiting', 'waiting']);
  await drain();
  expect(here.server.writes()).toHaveLength(1);
  here.server.who = ME;
  await here.phone.device.writeSignedIn({ id: ME.id, confirmed: true, ended: false });
  await drain();
  expect(await rows()).toEqual([]);
  expect(here.server.stored.size).toBe(2);
});

test.each([403, 422, 404])(
  '%i parks the item, text and reason kept; editing it sends it again',
  async (status) => {
    const kept = await keep('too bold');
    here.server.faults = [
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
    const before = here.server.writes().length;
    await drain();
    expect(here.server.writes()).toHaveLength(before);
    await here.phone.changes.change(kept.id, { text: 'bold' });
    await drain();
    expect(await shown(kept.id)).toMatchObject({ state: 'safe', text: 'bold' });
  },
);

test('a parked item can be sent again as it is', async () => {
  const kept = await keep('as it is');
  here.server.faults = [({ method }) => (method === 'PUT' ? refusal(403, 'not_now') : null)];
  await drain();
  here.server.faults = [];
  await here.phone.changes.retry(kept.id);
  await drain();
  expect((await shown(kept.id))?.state).toBe('safe');
});

test.each([
  ['seconds', '120'],
  ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
])('Retry-After in %s is waited out, also by the eager', async (_form, header) => {
  const kept = await keep('patience');
  here.server.faults = [
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
  here.server.faults = [];
  await drain();
  expect(here.server.writes()).toHaveLength(1);
  vi.useFakeTimers({ now: Date.now() + 130_000, toFake: ['Date'] });
  await drain();
  vi.useRealTimers();
  expect((await shown(kept.id))?.state).toBe('safe');
});

test('waits grow, with jitter, up to a quarter of an hour; signal ends a guessed wait', async () => {
  await keep('no signal');
  here.server.faults = [() => 'lost request'];
  const waits: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const { nextAt } = await drain();
    waits.push(nextAt! - Date.now());
  }
  expect(waits[0]).toBeLessThanOrEqual(2_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000);
  expect(Math.min(...waits.slice(-2))).toBeGreaterThan(6 * 60_000);
  expect(new Set(waits).size).toBe(waits.length);
  const before = here.server.writes().length;
  await drain(false);
  expect(here.server.writes()).toHaveLength(before);
  here.server.faults = [];
  await drain(true);
  expect(here.server.stored.size).toBe(1);
});

test('nothing unsent ever expires', async () => {
  const kept = await keep('a year in a drawer');
  here.server.faults = [() => 'lost request'];
  for (let i = 0; i < 40; i += 1) await drain();
  vi.useFakeTimers({ now: Date.now() + 400 * 24 * 3600_000, toFake: ['Date'] });
  here.server.faults = [];
  await drain(false);
  vi.useRealTimers();
  expect(here.server.stored.get(kept.id)).toMatchObject({ text: 'a year in a drawer' });
});

test('background sync: the worker asks to be woken again while there is no signal', async () => {
  await keep('later');
  const { onSync } = await import('../worker/sync');
  here.server.faults = [() => 'lost request'];
  await expect(onSync('outbox')).rejects.toThrow();
  here.server.faults = [];
  await onSync('outbox');
  await settled();
  expect(here.server.stored.size).toBe(1);
});

test('what is a lot for others in one hour rests, says so, and holds up nothing private', async () => {
  const shared = await keep('for all');
  await keep('for me');
  here.server.faults = [
    ({ body }) =>
      body?.text === 'for all'
        ? refusal(429, 'a_lot_at_once', {}, { 'Retry-After': '1800' })
        : null,
  ];
  await drain();
  expect([...here.server.stored.values()]).toMatchObject([{ text: 'for me' }]);
  expect(await rows()).toMatchObject([{ state: 'waiting', rests: true, guessed: false }]);
  expect(await shown(shared.id)).toMatchObject({ state: 'waiting', text: 'for all' });
  here.server.faults = [];
  vi.useFakeTimers({ now: Date.now() + 1_801_000, toFake: ['Date'] });
  await drain();
  vi.useRealTimers();
  expect(await shown(shared.id)).toMatchObject({ state: 'safe' });
});

test('other 429 ask for patience in general', async () => {
  await keep('one');
  await keep('two');
  here.server.faults = [
    ({ method }) =>
      method === 'PUT' ? refusal(429, 'too_many', {}, { 'Retry-After': '60' }) : null,
  ];
  await drain();
  expect(here.server.writes()).toHaveLength(1);
  expect((await rows()).some(({ rests }) => rests)).toBe(false);
});

test('what this version of the app does not know how to send rests, and the others go', async () => {
  await keep('one');
  const { db } = here.phone.session.phone;
  const [row] = await db.getAll('outbox');
  await db.put('outbox', { ...row!, key: 'dreams/x', kind: 'dreams' as never, queued_at: 0 });
  expect(await drain()).toMatchObject({ waiting: 0, nextAt: null, reached: 'server' });
  expect(puts()).toEqual(['one']);
  expect((await rows()).map(({ key }) => key)).toEqual(['dreams/x']);
});

test('one that cannot be read waits, and holds up no other', async () => {
  const torn = await keep('torn');
  await here.phone.items.addItem(here.phone.session.phone, 'days', 'torn', { choice: 'own' });
  await keep('whole');
  const { db } = here.phone.session.phone;
  for (const [kind, id] of [
    ['reflections', torn.id],
    ['days', 'torn'],
  ] as const) {
    const item = (await db.get(kind, id))!;
    await db.put(kind, { ...item, sealed: { ...item.sealed, data: new ArrayBuffer(3) } });
  }
  expect(await drain()).toMatchObject({ waiting: 2, reached: 'server' });
  expect(puts()).toEqual(['whole']);
  expect(await rows()).toMatchObject([
    { state: 'waiting', tries: 1, guessed: true },
    { state: 'waiting', tries: 1, guessed: true },
  ]);
});
