import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApiPath } from '../api/shapes';
import { json, ME, OTHER, PretendServer, refusal, type Seen } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../testing/pretend-tab';

/** What many ask for at the same moment is one question; what the phone keeps goes with it when somebody looks. */
let server: PretendServer;
let phone: Tab;
/** What the server has under each path. */
let there: Record<string, unknown>;

const COHORTS = '/api/cohorts' as ApiPath;
const PEOPLE = '/api/cohorts/rowan/people' as ApiPath;
const NOTICES = '/api/notices' as ApiPath;

const etagOf = (body: unknown) =>
  `"${JSON.stringify(body).length}${JSON.stringify(body).slice(2, 40).replaceAll('"', '')}"`;

function answers({ method, path, headers }: Seen): Response | null {
  if (method !== 'GET' || !(path in there)) return null;
  const etag = etagOf(there[path]);
  return headers['If-None-Match'] === etag
    ? new Response(null, { status: 304 })
    : json(200, there[path], { ETag: etag });
}

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  there = {
    [COHORTS]: { items: ['Rowan'], next: null },
    [PEOPLE]: { items: ['Ana', 'Tom'], next: null },
    [NOTICES]: { items: [], next: null },
  };
  server.faults = [answers];
  phone = await signedInTab();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const questions = () => server.seen.filter(({ path }) => path === '/api/sync');
const asked = () =>
  questions().map(({ body }) =>
    ((body!.known ?? []) as { path: string }[]).map(({ path }) => path),
  );
async function resource(path: ApiPath) {
  const { Resource } = await import('./resource.svelte');
  return new Resource<{ items: string[] }>(path);
}
const sync = () => import('./sync');
const look = async () => (await sync()).look(phone.session.phone);
const rowOf = (path: string) => phone.session.phone.db.get('resources', path);

/** All three are kept here, as the server has them, and the app is opened anew. */
async function openedAnew(): Promise<void> {
  for (const path of [COHORTS, PEOPLE, NOTICES]) await (await resource(path)).load();
  phone = await signedInTab();
  server.seen = [];
}

describe('what is wanted at the same moment', () => {
  test('is asked in one question, in the order in which it was wanted', async () => {
    const all = await Promise.all([NOTICES, COHORTS, PEOPLE].map(resource));
    await Promise.all(all.map((one) => one.load()));
    expect(asked()).toEqual([[NOTICES, COHORTS, PEOPLE]]);
    expect(all.map((one) => one.value)).toEqual([there[NOTICES], there[COHORTS], there[PEOPLE]]);
  });

  test('and by two at once, once', async () => {
    const [one, other] = await Promise.all([resource(COHORTS), resource(COHORTS)]);
    await Promise.all([one.load(), other.load()]);
    expect(asked()).toEqual([[COHORTS]]);
    expect(other.value).toEqual(there[COHORTS]);
  });

  test('goes with the next one while one is on its way', async () => {
    const held = server.holdBack(({ path }) => path === COHORTS);
    const [cohorts, people, notices] = await Promise.all([COHORTS, PEOPLE, NOTICES].map(resource));
    const first = cohorts!.load();
    await held.isAsked;
    const others = [people!.load(), notices!.load()];
    await settled();
    expect(asked()).toEqual([[COHORTS]]);
    held.release();
    await Promise.all([first, ...others]);
    expect(asked()).toEqual([[COHORTS], [PEOPLE, NOTICES]]);
  });

  test('is heard with what is on its way, unless it is wanted as it is from now on', async () => {
    const held = server.holdBack(({ path }) => path === COHORTS);
    const [one, other, anew] = await Promise.all([COHORTS, COHORTS, COHORTS].map(resource));
    const first = one!.load();
    await held.isAsked;
    there[COHORTS] = { items: ['Hazel'], next: null };
    const joined = other!.load();
    const after = anew!.reload();
    await settled();
    held.release();
    await Promise.all([first, joined, after]);
    expect(asked()).toEqual([[COHORTS], [COHORTS]]);
    expect(other!.value!.items).toEqual(['Rowan']);
    expect(anew!.value!.items).toEqual(['Hazel']);
  });
});

describe('an answer', () => {
  test('says what is as it was by leaving it out', async () => {
    await openedAnew();
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    expect(questions()[0]!.body!.known).toEqual([
      { path: COHORTS, etag: etagOf(there[COHORTS]), mark: null },
    ]);
    expect(cohorts).toMatchObject({ value: there[COHORTS], isStale: false });
  });

  test('brings a mark, which is kept with the copy and sent with it', async () => {
    server.marks[COHORTS] = 'm1';
    await openedAnew();
    expect((await rowOf(COHORTS))?.mark).toBe('m1');
    // Nobody looks at what is there.
    there[COHORTS] = { items: ['not looked at'], next: null };
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    expect(cohorts.value!.items).toEqual(['Rowan']);
    server.marks[COHORTS] = 'm2';
    await cohorts.load();
    expect(cohorts.value!.items).toEqual(['not looked at']);
    expect((await rowOf(COHORTS))?.mark).toBe('m2');
  });

  test('with another mark and nothing new changes the mark alone', async () => {
    server.marks[COHORTS] = 'm1';
    await openedAnew();
    const before = await rowOf(COHORTS);
    server.marks[COHORTS] = 'm2';
    await (await resource(COHORTS)).load();
    await settled();
    expect(await rowOf(COHORTS)).toEqual({ ...before, mark: 'm2' });
  });

  test.each([
    ['lost', () => 'lost request' as const],
    ['of another page', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    ['that the server is busy', () => refusal(503, 'busy')],
    ['that the server has failed', () => refusal(500, 'internal')],
  ])('%s takes nothing away, and what is wanted is asked for singly', async (_what, fault) => {
    await openedAnew();
    there[COHORTS] = { items: ['Hazel'], next: null };
    server.faults = [({ path }) => (path === '/api/sync' ? fault() : null), answers];
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    expect(cohorts).toMatchObject({ value: there[COHORTS], isStale: false, refusal: null });
    server.faults = [() => fault()];
    await cohorts.load();
    expect(cohorts).toMatchObject({ value: there[COHORTS], isStale: true, refusal: null });
  });

  test.each([
    ['no lost', { lost: undefined }],
    ['lost null', { lost: null }],
    ['no next', { next: undefined }],
    ['marks null', { marks: null }],
    ['gone null', { gone: null }],
  ])('of another version is heard (%s)', async (_what, over) => {
    await openedAnew();
    const said = { changed: [], lost: [], gone: [], marks: {}, next: [], holds_until: null };
    server.faults.unshift(({ path }) =>
      path === '/api/sync' ? json(200, { ...said, ...over }) : null,
    );
    const cohorts = await resource(COHORTS);
    await Promise.all([look(), cohorts.load()]);
    expect(cohorts.isStale).toBe(false);
  });

  test('of a network that wants one to sign in is none, and ends nothing', async () => {
    await openedAnew();
    server.faults.unshift(() => json(200, { status: 'please sign in' }));
    await look();
    server.faults.shift();
    server.seen = [];
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
    await look();
    expect(asked()[0]).toHaveLength(3);
  });

  test('401 to a look that nobody waits for says that the session is over', async () => {
    await openedAnew();
    server.faults.unshift(() => refusal(401, 'not_signed_in'));
    await look();
    expect((await phone.device.whoIsSignedIn())?.ended).toBe(true);
  });

  test('that was lost is followed by single ones, until somebody looks', async () => {
    await openedAnew();
    server.faults.unshift(() => 'lost request');
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    server.faults.shift();
    server.seen = [];
    await cohorts.load();
    expect(server.seen.map(({ method, path }) => [method, path])).toEqual([['GET', COHORTS]]);
    await look();
    expect(questions()).toHaveLength(1);
  });

  test('with no room for all of it is asked for the rest at once', async () => {
    server.most = 2;
    const all = await Promise.all([NOTICES, COHORTS, PEOPLE].map(resource));
    await Promise.all(all.map((one) => one.load()));
    expect(asked()).toEqual([[NOTICES, COHORTS, PEOPLE], [PEOPLE]]);
    expect(all[2]!.value).toEqual(there[PEOPLE]);
  });

  test('that says nothing of anything is not asked for again and again', async () => {
    server.most = 0;
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    expect(cohorts.isStale).toBe(true);
    expect(questions()).toHaveLength(1);
  });

  test('401 says to all that the session is over, and takes nothing away', async () => {
    await openedAnew();
    server.faults.unshift(() => refusal(401, 'not_signed_in'));
    const all = await Promise.all([COHORTS, PEOPLE].map(resource));
    await Promise.all(all.map((one) => one.load()));
    expect(all.map((one) => one.value)).toEqual([there[COHORTS], there[PEOPLE]]);
    expect(phone.session.isEnded).toBe(true);
    expect(questions()).toHaveLength(1);
  });

  test('that comes after its person has left is nobody’s', async () => {
    await openedAnew();
    const held = server.holdBack(({ path }) => path === COHORTS);
    const cohorts = await resource(COHORTS);
    there[COHORTS] = { items: ['Hazel'], next: null };
    const loaded = cohorts.load();
    void look();
    await held.isAsked;
    await phone.device.writeSignedIn({ id: OTHER.id, confirmed: true, ended: false });
    (await import('./news')).tell({ about: 'who' });
    await settled();
    held.release();
    await loaded;
    expect(cohorts.value?.items).not.toEqual(['Hazel']);
    await vi.waitFor(() => expect(phone.session.phone.personId).toBe(OTHER.id));
    expect(await rowOf(COHORTS)).toBeUndefined();
  });
});

describe('a server that does not know the question', () => {
  test.each([404, 422])(
    'is asked as before, for as long as the app is open (%i)',
    async (status) => {
      server.faults.unshift(({ path }) =>
        path === '/api/sync' ? refusal(status, 'invalid') : null,
      );
      const all = await Promise.all([COHORTS, PEOPLE].map(resource));
      await Promise.all(all.map((one) => one.load()));
      expect(all.map((one) => one.value)).toEqual([there[COHORTS], there[PEOPLE]]);
      await all[0]!.load();
      await look();
      expect(asked()).toEqual([[COHORTS, PEOPLE]]);
    },
  );

  test('is one that passes over what it does not know, too', async () => {
    server.faults.unshift(({ path }) => (path === '/api/sync' ? json(200, { gone: [] }) : null));
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    expect(cohorts.value).toEqual(there[COHORTS]);
  });

  test('or one address of it, is asked for the others so all the same', async () => {
    const errors = { json: { known: { 1: { path: [`${PEOPLE} cannot be asked for here.`] } } } };
    server.faults.unshift(({ path, body }) =>
      path === '/api/sync' && JSON.stringify(body).includes(PEOPLE)
        ? refusal(422, 'invalid', { errors })
        : null,
    );
    const all = await Promise.all([COHORTS, PEOPLE, NOTICES].map(resource));
    await Promise.all(all.map((one) => one.load()));
    expect(all.map((one) => one.value)).toEqual([there[COHORTS], there[PEOPLE], there[NOTICES]]);
    expect(asked()).toEqual([
      [COHORTS, PEOPLE, NOTICES],
      [COHORTS, NOTICES],
    ]);
  });
});

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
    phone = await signedInTab();
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
    phone = await signedInTab();
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
    await (await import('./sync')).look(other.session.phone);
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
    expect(asked().map((paths) => paths.length)).toEqual([1, 60]);
    expect(asked()[0]).toEqual([COHORTS]);
  });

  test('nor behind finding out what is held', async () => {
    await openedAnew();
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
    await vi.waitFor(() => expect(questions()).toHaveLength(2));
  });
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
  const workers = (await sync()).look(phone.session.phone, { withoutHeld: true });
  await held.isAsked;
  const page = await signedInTab();
  const again = server.holdBack(({ path }) => path === COHORTS);
  const pages = (await sync()).look(page.session.phone);
  await again.isAsked;
  const now = (await sync()).look(page.session.phone, { isNow: true });
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
    phone = await signedInTab();
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
    await vi.waitFor(async () => expect((await phone.device.whoIsSignedIn())?.id).toBe(OTHER.id));
  });
});

test('words that wait are not sent before it is known whose session it is', async () => {
  there[COHORTS] = { items: [{ id: 'rowan', name: 'Rowan' }], next: null };
  server.faults.unshift(() => 'lost request');
  const { blankDraft } = await import('../features/reflections/keeping');
  await phone.reflections.keep({ ...blankDraft(), text: 'mine alone' });
  await settled();
  server.faults.shift();
  server.who = OTHER;
  server.seen = [];
  phone = await signedInTab();
  const stop = phone.connection.start();
  await vi.waitFor(async () => expect((await phone.device.whoIsSignedIn())?.id).toBe(OTHER.id));
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
