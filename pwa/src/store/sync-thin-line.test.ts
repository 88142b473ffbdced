/** On a line that loses much: little is asked at once, and what a screen wants comes first. */
import { describe, expect, test, vi } from 'vitest';
import {
  server,
  phone,
  there,
  COHORTS,
  questions,
  asked,
  resource,
  sync,
  look,
  openedAnew,
  aPhoneThatAsks,
} from '../testing/asking-together';
import { bePatient } from '../testing/waits';

aPhoneThatAsks();

describe('on a thin line', () => {
  test('many small answers come where one long one does not', async () => {
    await openedAnew();
    there[COHORTS] = { items: ['Hazel'], next: null };
    server.faults.unshift(({ path, body }) =>
      path === '/api/sync' && ((body!.known ?? []) as object[]).length > 1 ? 'lost request' : null,
    );
    const cohorts = await resource(COHORTS);
    for (let minutes = 2; minutes < 8; minutes += 2) {
      await Promise.all([look(), cohorts.load()]);
      expect(cohorts).toMatchObject({ value: there[COHORTS], isStale: false });
      vi.useFakeTimers({ now: Date.now() + 120_000, toFake: ['Date'] });
    }
  });

  test('what the screen wants is not behind what is kept, where that is a lot', async () => {
    const { db, key } = phone.session.phone;
    const sealed = await (await import('./seal')).seal(key, {});
    const etag = `"${'a'.repeat(200)}"`;
    for (let n = 0; n < 60; n += 1)
      await db.put('resources', { path: `/api/proposals/${n}`, etag, kept_at: n + 1, sealed });
    await db.put('meta', { key: 'copies_confirmed_at', value: Date.now() });
    const cohorts = await resource(COHORTS);
    await Promise.all([look(), cohorts.load()]);
    const [first] = questions();
    expect(asked()[0]![0]).toBe(COHORTS);
    expect(JSON.stringify(first!.body).length).toBeLessThan(8_100);
    // What was looked at last goes with it: a screen that wants it a moment later asks no more.
    expect(asked()[0]).toContain('/api/proposals/59');
    expect(new Set(asked().flat()).size).toBe(61);
    expect(asked().flat()).toHaveLength(61);
    expect(questions()).toHaveLength(2);
  });

  test('nor behind finding out what is held', async () => {
    await openedAnew();
    bePatient(false);
    const never = { getRegistration: () => new Promise(() => undefined) };
    vi.stubGlobal('navigator', Object.create(navigator, { serviceWorker: { value: never } }));
    const cohorts = await resource(COHORTS);
    const looked = look();
    await cohorts.load();
    expect(asked()).toEqual([[COHORTS]]);
    await looked;
    expect(new Set(asked().flat()).size).toBe(3);
  });

  test('whoever looks again while a question is lost is heard', async () => {
    await openedAnew();
    // However long that takes here, they look at the same moment.
    vi.useFakeTimers({ toFake: ['Date'] });
    let lose!: () => void;
    const lost = new Promise<Response>((_done, fail) => (lose = () => fail(new TypeError('lost'))));
    let isFirst = true;
    server.faults.unshift(({ path }) => {
      if (path !== '/api/sync' || !isFirst) return null;
      isFirst = false;
      return lost;
    });
    const looked = look();
    await vi.waitFor(() => expect(questions()).toHaveLength(1));
    await look();
    lose();
    await looked;
    (await sync()).hasCome(phone.session.phone);
    await vi.waitFor(() => expect(questions()).toHaveLength(2));
  });
});
