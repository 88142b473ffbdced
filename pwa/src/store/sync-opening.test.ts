/** Opening the app is one question. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  server,
  phone,
  there,
  COHORTS,
  asked,
  resource,
  openedAnew,
  openTheApp,
  aPhoneThatAsks,
} from '../testing/asking-together';
import { ME, OTHER } from '../testing/pretend-server';
import { settled, signedInTab } from '../testing/pretend-tab';
import { bePatient } from '../testing/waits';

aPhoneThatAsks();

/** With all that is done then: it goes on under the lock after it is written who is here. */
async function otherHasArrived(): Promise<void> {
  await vi.waitFor(async () => expect((await phone.device.whoIsSignedIn())?.id).toBe(OTHER.id));
  const { exclusively } = await import('./lock');
  await exclusively(async () => undefined);
}

describe('an opening', () => {
  const requests = () =>
    server.seen.filter(({ path }) => !known().has(path)).map(({ path }) => path);
  const known = () => new Set(asked().flat());
  let stop: () => void;
  afterEach(async () => {
    stop();
    await settled(); // what it lets go of is let go of on this test's phone, not on the next one's
  });

  async function opened() {
    there[COHORTS] = { items: [{ id: 'rowan', name: 'Rowan' }], next: null };
    there['/api/notices/waiting'] = { count: 0 };
    await openTheApp();
    server.seen = [];
    // Any line is slower than the phone's own disk.
    const held = server.holdBack(({ path }) => path === COHORTS);
    void held.isAsked.then(settled).then(held.release);
    stop = phone.connection.start();
    const { cohorts } = await import('../features/cohorts/cohorts.svelte');
    const { notices } = await import('../features/notices/notices.svelte');
    const counted = new Promise((done) => phone.session.onSettled(() => done(notices.count())));
    await counted;
    await vi.waitFor(() => expect(cohorts.isLoaded).toBe(true));
    await vi.waitFor(() => expect(phone.connection.isSending).toBe(false));
    await settled();
  }

  test('with nothing new is one question, once the day’s others were asked', async () => {
    await opened();
    stop();
    await opened();
    expect(asked()).toHaveLength(1);
    expect(requests()).toEqual(['/api/sync']);
    expect(requests()).toEqual(['/api/sync']);
    expect(known()).toContain('/api/me');
    expect([...known()].some((path) => path.startsWith('/api/reflections/changes'))).toBe(true);
  });

  test('who the server thinks we are is believed at once only where that is known', async () => {
    await opened();
    stop();
    await phone.device.writeSignedIn({ id: ME.id, confirmed: false, ended: false });
    await opened();
    await vi.waitFor(async () =>
      expect(await phone.device.whoIsSignedIn()).toMatchObject({ id: ME.id, confirmed: true }),
    );
    expect(
      server.seen.filter(({ method, path }) => method === 'GET' && path === '/api/me'),
    ).not.toEqual([]);
  });

  test('finds out that somebody else is signed in, and is not fooled by an answer of before', async () => {
    await opened();
    stop();
    server.who = OTHER;
    await opened();
    await otherHasArrived();
  });
});

test('words that wait are not sent before it is known whose session it is', async () => {
  // What would come behind them does not, before that.
  bePatient(false);
  there[COHORTS] = { items: [{ id: 'rowan', name: 'Rowan' }], next: null };
  server.faults.unshift(() => 'lost request');
  const { blankDraft } = await import('../features/reflections/keeping');
  await phone.reflections.keep({ ...blankDraft(), text: 'mine alone' });
  await settled();
  server.faults.shift();
  server.who = OTHER;
  server.seen = [];
  await openTheApp();
  const stop = phone.connection.start();
  await otherHasArrived();
  await settled();
  stop();
  expect(server.writes().filter(({ method }) => method === 'PUT')).toEqual([]);
});

test('words that are kept while a question is on its way are not held up by it', async () => {
  await openedAnew();
  const stop = phone.connection.start();
  await vi.waitFor(() => expect(phone.connection.isReached).toBe(true));
  const held = server.holdBack(({ path }) => path === COHORTS);
  const loaded = (await resource(COHORTS)).reload();
  await held.isAsked;
  const { blankDraft } = await import('../features/reflections/keeping');
  await phone.reflections.keep({ ...blankDraft(), text: 'in the tram' });
  await vi.waitFor(() => expect(phone.reflections.items[0]?.state).toBe('safe'));
  await phone.reflections.keep({ ...blankDraft(), text: 'and again' });
  await vi.waitFor(() =>
    expect(phone.reflections.items.map(({ state }) => state)).toEqual(['safe', 'safe']),
  );
  held.release();
  await loaded;
  stop();
});

test('nor by one that another tab has asked', async () => {
  await openedAnew();
  const first = phone;
  const stopFirst = first.connection.start();
  await vi.waitFor(() => expect(first.connection.isReached).toBe(true));
  const second = await signedInTab();
  const stopSecond = second.connection.start();
  await vi.waitFor(() => expect(second.connection.isReached).toBe(true));
  await vi.waitFor(() => expect(second.connection.isSending).toBe(false));
  const held = server.holdBack(({ path }) => path.startsWith('/api/reflections/changes'));
  first.connection.send();
  await held.isAsked;
  const { blankDraft } = await import('../features/reflections/keeping');
  await second.reflections.keep({ ...blankDraft(), text: 'in the other tab' });
  await vi.waitFor(() => expect(second.reflections.items[0]?.state).toBe('safe'));
  held.release();
  stopFirst();
  stopSecond();
  await settled();
});
