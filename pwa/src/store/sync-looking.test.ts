/** When somebody looks, what the phone keeps is asked about too, and what was taken back leaves. */
import { describe, expect, test, vi } from 'vitest';
import type { ApiPath } from '../api/shapes';
import {
  server,
  phone,
  there,
  COHORTS,
  PEOPLE,
  NOTICES,
  questions,
  asked,
  resource,
  sync,
  look,
  rowOf,
  openedAnew,
  openTheApp,
  aPhoneThatAsks,
} from '../testing/asking-together';
import { refusal } from '../testing/pretend-server';
import { settled, signedInTab } from '../testing/pretend-tab';

aPhoneThatAsks();

describe('when somebody looks', () => {
  test('all that is kept here is asked about with what is wanted, and that comes first', async () => {
    await openedAnew();
    const cohorts = await resource(COHORTS);
    await Promise.all([look(), cohorts.load()]);
    expect(asked()).toHaveLength(1);
    expect(asked()[0]![0]).toBe(COHORTS);
    expect(new Set(asked()[0])).toEqual(new Set([COHORTS, PEOPLE, NOTICES]));
  });

  test('a screen is fresh before it is opened, without signal too', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    await people.recall();
    there[PEOPLE] = { items: ['Ana', 'Tom', 'Uma'], next: null };
    await look();
    server.faults = [() => 'lost request'];
    await openTheApp();
    const later = await resource(PEOPLE);
    await later.load();
    expect(later.value).toEqual(there[PEOPLE]);
  });

  test('and one that is opened while it is on its way asks nobody else', async () => {
    await openedAnew();
    there[PEOPLE] = { items: ['Ana', 'Tom', 'Uma'], next: null };
    const held = server.holdBack(({ path }) => path === PEOPLE);
    const looked = look();
    await held.isAsked;
    const people = await resource(PEOPLE);
    const loaded = people.load();
    await settled();
    held.release();
    await Promise.all([looked, loaded]);
    expect(people).toMatchObject({ value: there[PEOPLE], isStale: false });
    expect(questions()).toHaveLength(1);
  });

  test('what may not be seen any more leaves, from what is open too', async () => {
    await openedAnew();
    const people = await resource(PEOPLE);
    await people.recall();
    delete there[PEOPLE];
    await look();
    await settled();
    expect(await rowOf(PEOPLE)).toBeUndefined();
    expect(people).toMatchObject({ value: null, refusal: { code: 404 } });
  });

  test('what was let go of while it was on its way does not come back', async () => {
    await openedAnew();
    there[PEOPLE] = { items: ['Ana', 'Tom', 'Uma'], next: null };
    const held = server.holdBack(({ path }) => path === PEOPLE);
    const looked = look();
    await held.isAsked;
    await phone.session.phone.db.delete('resources', PEOPLE);
    held.release();
    await looked;
    expect(await rowOf(PEOPLE)).toBeUndefined();
  });

  test('it is asked at most once a minute', async () => {
    await openedAnew();
    await look();
    await look();
    expect(questions()).toHaveLength(1);
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] });
    await look();
    expect(questions()).toHaveLength(2);
  });

  test('and again when what was answered holds no longer, while it is in view', async () => {
    await openedAnew();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    server.holdsUntil = new Date(Date.now() + 120_000).toISOString();
    const again = vi.fn();
    const { whileLooking } = await import('../core/looking');
    const stop = whileLooking(again);
    await look();
    await vi.advanceTimersByTimeAsync(119_000);
    expect([questions().length, again.mock.calls.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.waitFor(() => expect([questions().length, again.mock.calls.length]).toEqual([2, 2]));
    const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(questions()).toHaveLength(2);
    hidden.mockRestore();
    stop();
  });

  async function threescoreAndTen() {
    const { db, key } = phone.session.phone;
    const sealed = await (await import('./seal')).seal(key, {});
    for (let n = 0; n < 70; n += 1)
      await db.put('resources', {
        path: `/api/proposals/${n}`,
        etag: '"a"',
        kept_at: n + 1,
        sealed,
      });
    await db.put('meta', { key: 'copies_confirmed_at', value: Date.now() });
  }

  test('not more than sixty go with a question, what was heard last first', async () => {
    await threescoreAndTen();
    await look();
    expect(asked()[0]).toHaveLength(60);
    expect(asked()[0]![0]).toBe('/api/proposals/69');
  });

  test('what was looked at last comes before what changed last', async () => {
    await openedAnew();
    vi.useFakeTimers({ now: Date.now() + 7_200_000, toFake: ['Date'] });
    await (await resource(COHORTS)).load();
    await settled();
    await openTheApp();
    server.seen = [];
    await look();
    expect(asked()[0]![0]).toBe(COHORTS);
  });

  test('the rest of it is what the answer had no room for, and nothing else', async () => {
    await threescoreAndTen();
    server.most = 40;
    await look();
    expect(asked().map((paths) => paths.length)).toEqual([60, 20]);
    expect(new Set(asked().flat()).size).toBe(60);
  });

  test('two tabs ask for themselves, and what one kept the other shows', async () => {
    await openedAnew();
    const here = await resource(PEOPLE);
    await here.recall();
    const first = phone;
    const other = await signedInTab();
    there[PEOPLE] = { items: ['Ana', 'Tom', 'Uma'], next: null };
    await look({}, other);
    expect(questions()).toHaveLength(1);
    await here.catchUp();
    expect(here.value).toEqual(there[PEOPLE]);
    expect(first.session.phone).not.toBe(other.session.phone);
  });
});

describe('what was taken back', () => {
  const WITH = { items: ['Ana', 'Tom', 'taken back'], next: null };

  test.each(['is opened right after', 'joins'])(
    'while it was on its way is not on a screen that %s',
    async (when) => {
      await openedAnew();
      there[PEOPLE] = WITH;
      const held = server.holdBack(({ path }) => path === PEOPLE);
      const looked = look();
      await held.isAsked;
      there[PEOPLE] = { items: ['Ana', 'Tom'], next: null };
      const { drop } = await import('./kept-answers');
      await drop(phone.session.phone, PEOPLE);
      const people = await resource(PEOPLE);
      const loaded = when === 'joins' && people.load();
      await settled();
      held.release();
      await looked;
      await (loaded || people.load());
      expect(people.value).toEqual(there[PEOPLE]);
    },
  );

  test('stays away from the disk where the copy was less before, too', async () => {
    await openedAnew();
    const { seal, unseal } = await import('./seal');
    const { db, key } = phone.session.phone;
    const row = { ...(await rowOf(PEOPLE))!, etag: null };
    await db.put('resources', row);
    const held = server.holdBack(({ path }) => path === PEOPLE);
    const looked = look();
    await held.isAsked;
    await db.put('resources', { ...row, sealed: await seal(key, { items: ['Ana'] }) });
    held.release();
    await looked;
    expect(await unseal(key, (await rowOf(PEOPLE))!.sealed)).toEqual({ items: ['Ana'] });
  });

  test('leaves after whoever asked has taken what was said with it', async () => {
    const id = '0192cccc-0000-7000-8000-000000000001';
    const one = `/api/reflections/${id}` as ApiPath;
    there[one] = { id, cohort_id: null, text: 'taken back', mine: false };
    await (await resource(one)).load();
    await openedAnew();
    server.goneOf = (held) => held;
    let then: unknown;
    const { want } = await sync();
    const wanted = want(phone.session.phone, COHORTS, null, false, async () => {
      await settled();
      then = await rowOf(one);
    });
    await Promise.all([look(), wanted]);
    expect(then).toBeDefined();
    expect(await rowOf(one)).toBeUndefined();
  });

  test('leaves a full phone', async () => {
    const id = '0192cccc-0000-7000-8000-000000000001';
    const one = `/api/reflections/${id}` as ApiPath;
    there[one] = { id, cohort_id: null, text: 'taken back', mine: false };
    server.marks[COHORTS] = 'm1';
    await (await resource(one)).load();
    await openedAnew();
    server.marks[COHORTS] = 'm2';
    server.goneOf = (held) =>
      held.map((group) => ({ ...group, ids: group.ids.filter((i) => i === id) }));
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    const held = server.holdBack(({ path }) => path === COHORTS);
    const looked = look();
    await held.isAsked;
    there['/api/later'] = { items: ['later'], next: null };
    const later = await resource('/api/later' as ApiPath);
    const loaded = later.load();
    await settled();
    held.release();
    await Promise.all([looked, loaded]);
    full.mockRestore();
    expect(await rowOf(one)).toBeUndefined();
    expect(later).toMatchObject({ value: there['/api/later'], isStale: false });
  });
});

test.each([
  ['kept', async () => (await import('./news')).tell({ about: 'reminders', ids: ['one'] })],
  ['asked for at once', async () => (await import('../api/client')).ask('POST', '/api/cohorts')],
])(
  'an answer from before what was %s is not for a screen that is opened after it',
  async (_how, act) => {
    await openedAnew();
    const held = server.holdBack(({ path }) => path === PEOPLE);
    const looked = look();
    await held.isAsked;
    there[PEOPLE] = { items: ['Ana', 'Tom', 'mine'], next: null };
    await act();
    const people = await resource(PEOPLE);
    const loaded = people.load();
    await settled();
    held.release();
    await Promise.all([looked, loaded]);
    expect(people.value).toEqual(there[PEOPLE]);
  },
);

test('after somebody has left nothing of theirs is in memory', async () => {
  await openedAnew();
  there[PEOPLE] = { items: ['Ana', 'Tom', 'hers'], next: null };
  await phone.session.confirm();
  await look();
  const { phone: hers } = phone.session;
  server.faults = [() => 'lost request'];
  await phone.signOut.leaveThisPhone();
  await settled();
  let heard: unknown = null;
  const { want } = await sync();
  await want(hers, PEOPLE, null, false, (answer) => (heard = answer)).catch(() => undefined);
  expect(JSON.stringify(heard)).not.toContain('hers');
});

test('a question that the server fails at asks what is held by itself', async () => {
  const id = '0192cccc-0000-7000-8000-000000000001';
  const one = `/api/reflections/${id}` as ApiPath;
  there[one] = { id, cohort_id: null, text: 'theirs', mine: false };
  await (await resource(one)).load();
  await openedAnew();
  server.faults.unshift(({ path }) => (path === NOTICES ? refusal(500, 'internal') : null));
  await look();
  expect((await phone.session.phone.db.get('meta', 'copies_confirmed_at'))?.value).toBeTruthy();
});

test('a registration that cannot be had makes nothing unreachable', async () => {
  await openedAnew();
  const fails = {
    getRegistration: () => Promise.reject(new DOMException('', 'InvalidStateError')),
  };
  vi.stubGlobal('navigator', Object.create(navigator, { serviceWorker: { value: fails } }));
  const cohorts = await resource(COHORTS);
  await Promise.all([look(), cohorts.load()]);
  expect([questions().length, cohorts.isStale]).toEqual([1, false]);
});

test('two that look at once: what is held is asked about', async () => {
  const id = '0192cccc-0000-7000-8000-000000000001';
  const one = `/api/reflections/${id}` as ApiPath;
  there[one] = { id, cohort_id: null, text: 'theirs', mine: false };
  await (await resource(one)).load();
  await openedAnew();
  const held = server.holdBack(({ path }) => path === COHORTS);
  const workers = look({ withoutHeld: true });
  await held.isAsked;
  const page = await signedInTab();
  const again = server.holdBack(({ path }) => path === COHORTS);
  const pages = look({}, page);
  await again.isAsked;
  const now = look({ isNow: true }, page);
  held.release();
  again.release();
  await Promise.all([workers, pages, now]);
  await vi.waitFor(() =>
    expect(questions().map(({ body }) => Boolean(body!.held))).toEqual([false, true, true]),
  );
});

describe('a clock that is wrong', () => {
  test('and is set back does not end the looking', async () => {
    await openedAnew();
    await look();
    vi.useFakeTimers({ now: Date.now() - 86_400_000, toFake: ['Date'] });
    await look();
    expect(questions()).toHaveLength(2);
  });

  test('and runs ahead does not ask all the time; nor does one lost question end it', async () => {
    await openedAnew();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
    server.holdsUntil = new Date(Date.now() - 3_600_000).toISOString();
    await look();
    for (let n = 0; n < 120; n += 1) await vi.advanceTimersByTimeAsync(5_000);
    expect(questions().length).toBeLessThan(4);
    expect(questions().length).toBeGreaterThan(1);
  });
});
