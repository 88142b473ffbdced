/** What many ask for at the same moment is one question; what each hears of its answer. */
import { describe, expect, test, vi } from 'vitest';
import type { ApiPath } from '../api/shapes';
import {
  server,
  phone,
  there,
  COHORTS,
  PEOPLE,
  NOTICES,
  etagOf,
  questions,
  asked,
  resource,
  sync,
  look,
  rowOf,
  openedAnew,
  openTheApp,
  aPhoneThatAsks,
  answers,
} from '../testing/asking-together';
import { json, ME, OTHER, refusal } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';

aPhoneThatAsks();

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

  test('to somebody who has it under another ETag is not asked for by the mark of the copy', async () => {
    const before = etagOf(there[COHORTS]);
    there[COHORTS] = { items: ['Hazel'], next: null };
    server.marks[COHORTS] = 'm1';
    await openedAnew();
    expect((await rowOf(COHORTS))?.mark).toBe('m1');
    const take = vi.fn();
    await (await sync()).want(phone.session.phone, COHORTS, before, false, take);
    expect(take.mock.calls[0]![0]).toMatchObject({ kind: 'ok', data: there[COHORTS] });
  });

  test('puts no mark beside what another tab has kept while it was on its way', async () => {
    server.marks[COHORTS] = 'm1';
    await openedAnew();
    server.marks[COHORTS] = 'm2';
    const held = server.holdBack(({ path }) => path === COHORTS);
    const looked = look();
    await held.isAsked;
    const { keep } = await import('./kept-answers');
    const said = { data: { items: ['Hazel'], next: null }, etag: '"hazel"', mark: 'm3' };
    await keep(phone.session.phone, COHORTS, { ...said, askedAt: Date.now() });
    held.release();
    await looked;
    expect(await rowOf(COHORTS)).toMatchObject({ etag: '"hazel"', mark: 'm3' });
  });

  test('that leaves out what was never heard says nothing of it', async () => {
    server.faults.unshift(({ path }) =>
      path === '/api/sync' ? json(200, { changed: [], lost: [], gone: [], next: [] }) : null,
    );
    const cohorts = await resource(COHORTS);
    await cohorts.load();
    expect(cohorts).toMatchObject({ value: null, heardAt: null, isStale: true });
  });

  test('of which something was let go of meanwhile is asked for again', async () => {
    await openedAnew();
    const held = server.holdBack(({ path }) => path === PEOPLE);
    const take = vi.fn();
    const wanted = (await sync()).want(phone.session.phone, PEOPLE, null, false, take);
    await held.isAsked;
    there[PEOPLE] = { items: ['Ana'], next: null };
    const { drop } = await import('./kept-answers');
    await drop(phone.session.phone, PEOPLE);
    held.release();
    await wanted;
    expect(take).toHaveBeenCalledOnce();
    expect(take.mock.calls[0]![0]).toMatchObject({ data: there[PEOPLE] });
  });

  test('that is for somebody else is neither shown nor kept, and takes nothing away', async () => {
    await openedAnew();
    const before = { [PEOPLE]: await rowOf(PEOPLE), [NOTICES]: await rowOf(NOTICES) };
    server.who = OTHER;
    for (const path of [PEOPLE, NOTICES]) there[path] = { items: ['theirs'], next: null };
    delete there[COHORTS];
    const [cohorts, people] = [await resource(COHORTS), await resource(PEOPLE)];
    const { hear } = await sync();
    const heard = hear(phone.session.phone, '/api/me' as ApiPath);
    await Promise.all([look(), cohorts.load(), people.load()]);
    expect(await heard).toBeNull();
    expect(questions()).toHaveLength(1);
    expect(people).toMatchObject({ value: { items: ['Ana', 'Tom'] }, isStale: true });
    expect(cohorts).toMatchObject({ value: { items: ['Rowan'] }, isStale: true });
    for (const [path, row] of Object.entries(before)) expect(await rowOf(path)).toEqual(row);
    expect(await rowOf('/api/me')).toBeUndefined();
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

  test.each([404, 403, 410])('%i takes it from all that show it', async (status) => {
    await openedAnew();
    const elsewhere = await resource(PEOPLE);
    await elsewhere.load();
    await openTheApp();
    const [one, other] = [await resource(PEOPLE), await resource(PEOPLE)];
    await other.load();
    server.faults.unshift(({ path }) => (path === PEOPLE ? refusal(status, 'taken_back') : null));
    server.seen = [];
    await one.load();
    expect(await rowOf(PEOPLE)).toBeUndefined();
    for (const shown of [one, other, elsewhere])
      await vi.waitFor(() => expect(shown.value).toBeNull());
    expect(one.refusal).toMatchObject({ code: status, reason: 'taken_back' });
    await settled();
    expect(asked()).toEqual([[PEOPLE]]);
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

  test('is not kept for later once somebody else has signed in, while it was being taken', async () => {
    await openedAnew();
    const before = await rowOf(PEOPLE);
    there[PEOPLE] = { items: ['Ana'], next: null };
    const { want } = await sync();
    const taken = want(phone.session.phone, COHORTS, null, false, () =>
      phone.device.writeSignedIn({ id: OTHER.id, confirmed: true, ended: false }),
    );
    await Promise.all([look(), taken]);
    expect(asked()[0]).toContain(PEOPLE);
    expect(await rowOf(PEOPLE)).toEqual(before);
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

test('an answer that came while somebody else was signing in is not theirs who were here', async () => {
  await openedAnew();
  const held = server.holdBack(({ path }) => path === PEOPLE);
  const people = await resource(PEOPLE);
  there[PEOPLE] = { items: ['Björn’s'], next: null };
  const loaded = people.load();
  await held.isAsked;
  await phone.device.writeSignedIn({ id: ME.id, confirmed: false, ended: false });
  held.release();
  await loaded;
  expect(people.value?.items).toEqual(['Ana', 'Tom']);
});

test('a screen that joins a look is answered, whatever is let go of meanwhile', async () => {
  const { drop } = await import('./kept-answers');
  await openedAnew();
  const held = server.holdBack(({ path }) => path === PEOPLE);
  const looked = look({ isNow: true });
  await held.isAsked;
  const people = await resource(PEOPLE);
  const loaded = people.load();
  await settled();
  await drop(phone.session.phone, PEOPLE);
  await settled();
  held.release();
  await looked;
  await loaded;
});
