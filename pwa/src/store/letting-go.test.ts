import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ACTIVITY,
  ANSWER,
  ANSWERS,
  CANARY,
  ONE,
  ROWAN,
  SHARED,
  allWords,
  answers,
  begin,
  everything,
  here,
  id,
  kept,
  lettingGo,
  paths,
  proposalOfMine,
  reflection,
  response,
} from '../testing/copies-of-others';
import { json, ME, refusal } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';
import { CONFIRMED } from './age';
import type { Ref } from './copies';

beforeEach(begin);
afterEach(() => vi.useRealTimers());

const questions = () => here.server.seen.filter(({ body }) => body?.held);

describe('what the server says may not be seen any more', () => {
  test('is asked for in one question, by kind', async () => {
    await everything();
    const { askWhatMayStay } = await lettingGo();
    expect(await askWhatMayStay(here.phone.session.phone)).toBe(true);
    expect(questions().map(({ body }) => body)).toEqual([
      {
        held: [
          { kind: 'cohort', cohort_id: null, ids: [ROWAN] },
          { kind: 'reflection', cohort_id: null, ids: [SHARED] },
          { kind: 'response', cohort_id: null, ids: [ANSWER] },
        ],
      },
    ]);
    expect(await paths()).toHaveLength(4);
  });

  test('is nowhere on the phone afterwards: not by address, not in a list', async () => {
    await everything();
    here.gone.add(`reflection/${SHARED}`);
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone);
    expect(await paths()).toEqual(['/api/cohorts', ACTIVITY]);
    expect(await allWords()).not.toContain(CANARY);
    here.server.faults = [() => 'lost request'];
    const [one, activity] = await kept(ONE, ACTIVITY);
    expect(one!.value).toBeNull();
    expect(activity!.value!.items).toHaveLength(1);
  });

  test('leaves the screen at once, and what is left of a list is asked for whole', async () => {
    const [, one, activity] = await everything();
    here.gone.add(`reflection/${SHARED}`);
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone);
    await settled();
    expect([one!.value, one!.refusal?.code]).toEqual([null, 404]);
    expect(activity!.value!.items).toHaveLength(1);
    await activity!.load();
    expect(here.server.seen.at(-1)!.headers).not.toHaveProperty('If-None-Match');
  });

  test('is asked for whole by a screen that is opened later, too', async () => {
    await everything();
    here.gone.add(`reflection/${SHARED}`);
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone);
    await settled();
    here.server.seen = [];
    await kept(ACTIVITY);
    const asked = here.server.seen.filter(({ path }) => path === ACTIVITY);
    expect(asked.map(({ headers }) => headers['If-None-Match'])).toEqual([undefined]);
  });

  test('is not brought back by an answer that was on its way', async () => {
    const [one] = await kept(ONE);
    let arrive: (answer: Response) => void = () => undefined;
    const slow = new Promise<Response>((resolve) => (arrive = resolve));
    here.server.faults = [({ path }) => (path === ONE ? slow : null), answers];
    const loading = one!.load();
    await settled();
    here.gone.add(`reflection/${SHARED}`);
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone);
    here.server.faults = [({ path }) => (path === ONE ? refusal(404, 'not_found') : null)];
    arrive(json(200, reflection));
    await loading;
    expect(one!.value).toBeNull();
    expect(await allWords()).not.toContain(CANARY);
  });

  test('is asked for in as many questions as the server reads, each once', async () => {
    const { questions: parts } = await lettingGo();
    const refs = Array.from({ length: 4000 }, (_, n): Ref => `reflection/${id(n)}`);
    const asked = [...parts(new Set(refs))];
    expect(asked.map((groups) => groups.flatMap(({ ids }) => ids).length)).toEqual([
      1899, 1899, 202,
    ]);
    expect(new Set(asked.flat().flatMap(({ ids }) => ids)).size).toBe(4000);
  });

  test.each([
    ['without signal', () => 'lost request' as const],
    ['where another page answers', () => json(200, { hello: 'Ward 7' })],
    ['when nobody is signed in', () => refusal(401, 'not_signed_in')],
    ['from a server that does not know the question', () => refusal(404, 'not_found')],
  ])('is not guessed: %s everything stays, and nothing counts as confirmed', async (_n, fault) => {
    await everything();
    here.server.faults = [fault];
    expect(await (await lettingGo()).askWhatMayStay(here.phone.session.phone)).toBe(false);
    expect(await paths()).toHaveLength(4);
    expect(await here.phone.session.phone.db.get('meta', CONFIRMED)).toBeUndefined();
  });

  test('is not guessed from an answer to somebody else who has signed in meanwhile', async () => {
    await everything();
    here.gone.add(`reflection/${SHARED}`);
    here.server.faults.unshift(({ path }) => {
      if (path !== '/api/sync') return null;
      const someone = { id: id(99), confirmed: true, ended: false };
      return here.phone.device.writeSignedIn(someone).then(() => null);
    });
    expect(await (await lettingGo()).askWhatMayStay(here.phone.session.phone)).toBe(false);
    expect(await paths()).toHaveLength(4);
  });

  test('takes its notification from the lock screen', async () => {
    const shown = [id(40), id(41)].map((notice) => ({
      data: { path: `/reflections/${SHARED}?notice=${notice}` },
      close: vi.fn(),
    }));
    here.gone.add(`notice/${id(40)}`);
    const registration = { getNotifications: async () => shown };
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone, registration);
    expect(shown.map(({ close }) => close.mock.calls.length)).toEqual([1, 0]);
  });
});

/** Others speak in it: where they stand, what they remarked, and what all had agreed before. */
describe('words of mine', () => {
  const mine = { id: id(60), proposal_id: id(30), text: 'When is that?', mine: true };

  test('that are not sent yet stay, whatever they are about is gone', async () => {
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    const { session, items } = here.phone;
    await items.writeItem(session.phone, 'remarks', mine.id, mine);
    await items.writeItem(session.phone, 'responses', ANSWER, { ...response, mine: true });
    here.gone.add(`remark/${mine.id}`).add(`response/${ANSWER}`);
    await (await lettingGo()).askWhatMayStay(session.phone);
    expect((await items.readItem(session.phone, 'remarks', mine.id))?.value).toEqual(mine);
    expect(await items.readItem(session.phone, 'responses', ANSWER)).not.toBeNull();
    expect(questions()).toEqual([]);
  });

  test('stay while they are to be chosen; what others said in the other version goes', async () => {
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    const { session, items } = here.phone;
    const [mine, theirs] = [{ text: 'We rest.' }, { ...proposalOfMine(id(30)), text: 'We play.' }];
    await items.writeItem(session.phone, 'proposals', id(30), { ...theirs, ...mine, remarks: [] });
    const { seal } = await import('./seal');
    const sealed = await seal(session.phone.key, theirs);
    await items.changeItem(session.phone, 'proposals', id(30), (item, row) => ({
      item: { ...item!, theirs: sealed },
      row: { ...row!, state: 'conflict' },
    }));
    const { askWhatMayStay, letGoOfCohort } = await lettingGo();
    here.gone.add(`remark/${id(31)}`);
    await askWhatMayStay(session.phone);
    const left = await items.readItem<{ text: string }>(session.phone, 'proposals', id(30));
    expect([left!.value.text, left!.theirs?.text]).toEqual(['We rest.', 'We play.']);
    expect(left!.theirs).toMatchObject({ remarks: [] });
    await letGoOfCohort(session.phone, ROWAN);
    expect(await allWords()).not.toContain(CANARY);
    expect(await items.readItem(session.phone, 'proposals', id(30))).toMatchObject({
      value: mine,
      theirs: { text: 'We play.' },
    });
  });

  test('stay, and what others said beside them goes', async () => {
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    const { session, items } = here.phone;
    const proposal = { id: id(30), text: 'We rest.', remarks: [{ id: id(31), text: CANARY }] };
    await items.writeItem(session.phone, 'proposals', proposal.id, proposal);
    here.gone.add(`remark/${id(31)}`);
    await (await lettingGo()).askWhatMayStay(session.phone);
    const left = await items.readItem(session.phone, 'proposals', proposal.id);
    expect(left).toMatchObject({ value: { text: 'We rest.', remarks: [] } });
    expect(left!.row?.state).toBe('waiting');
  });
});

describe('a cohort that I left', () => {
  test('takes at once what others said in proposals of mine, kept or still to be sent', async () => {
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    const { session, items } = here.phone;
    const one = proposalOfMine(id(30));
    ANSWERS[`/api/proposals/${id(30)}`] = one;
    await kept(`/api/proposals/${id(30)}`);
    await items.writeItem(session.phone, 'proposals', id(32), proposalOfMine(id(32)));
    expect(await allWords()).toContain(CANARY);
    here.server.faults = [() => 'lost request'];
    await (await lettingGo()).letGoOfCohort(session.phone, ROWAN);
    expect(await allWords()).not.toContain(CANARY);
    expect((await allWords()).split('We rest.')).toHaveLength(3);
  });

  test('goes at once with everything of it, before anybody is asked', async () => {
    await everything();
    here.server.faults = [() => 'lost request'];
    await (await lettingGo()).letGoOfCohort(here.phone.session.phone, ROWAN);
    expect(await paths()).toEqual(['/api/cohorts']);
    expect(await allWords()).not.toContain(CANARY);
    expect(await allWords()).not.toContain('Tell me more?');
  });

  test('goes while it is being asked what may be seen, and stays away', async () => {
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    const { session, items } = here.phone;
    await everything();
    await items.writeItem(session.phone, 'proposals', id(32), proposalOfMine(id(32)));
    const held = here.server.holdBack(({ path }) => path === '/api/sync');
    const { askWhatMayStay, letGoOfCohort } = await lettingGo();
    const confirmed = askWhatMayStay(session.phone);
    await held.isAsked;
    await letGoOfCohort(session.phone, ROWAN);
    expect(await paths()).toEqual(['/api/cohorts']);
    expect(await allWords()).not.toContain(CANARY);
    held.release();
    expect(await confirmed).toBe(true);
    expect(await allWords()).not.toContain(CANARY);
  });

  test('goes with what is let go of at the same moment', async () => {
    vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
    const { session, items } = here.phone;
    const said = ['Heron.', 'Otter.'].map((text, n) => ({ id: id(40 + n), text }));
    const proposal = { id: id(30), text: 'We rest.', remarks: said };
    await items.writeItem(session.phone, 'proposals', proposal.id, proposal);
    const { letGoOf } = await lettingGo();
    const goes = (one: { id: string }) =>
      letGoOf(session.phone, null, [{ kind: 'remark', cohort_id: null, ids: [one.id] }]);
    await Promise.all(said.map(goes));
    expect(await items.readItem(session.phone, 'proposals', proposal.id)).toMatchObject({
      value: { text: 'We rest.', remarks: [] },
    });
  });

  test('goes the same way when I left it on another phone, or was let go', async () => {
    const [cohorts] = await everything();
    here.gone.add(`cohort/${ROWAN}`).add(`reflection/${SHARED}`).add(`response/${ANSWER}`);
    await (await lettingGo()).askWhatMayStay(here.phone.session.phone);
    await settled();
    expect(await paths()).toEqual(['/api/cohorts']);
    expect(cohorts!.value).toEqual({ items: [], next: null });
  });

  test('goes when I leave it here', async () => {
    await everything();
    here.server.faults.unshift(({ method, path }) =>
      method === 'DELETE' && path === `/api/cohorts/${ROWAN}/people/me`
        ? new Response(null, { status: 204 })
        : null,
    );
    const { leaveCohort } = await import('../features/cohorts/leaving');
    ANSWERS['/api/cohorts'] = { items: [], next: null };
    expect((await leaveCohort(ROWAN)).kind).toBe('ok');
    expect(await paths()).toEqual(['/api/cohorts']);
    expect(await allWords()).not.toContain(CANARY);
    ANSWERS['/api/cohorts'] = { items: [{ id: ROWAN, name: 'Rowan' }], next: null };
  });
});

describe('the moments of asking', () => {
  test('are the start, and then not more often than once a minute', async () => {
    await everything();
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    const stop = here.phone.connection.start();
    await vi.waitFor(() => expect(questions()).toHaveLength(1));
    dispatchEvent(new Event('online'));
    await settled();
    await settled();
    expect(questions()).toHaveLength(1);
    vi.setSystemTime(Date.now() + 61_000);
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(questions()).toHaveLength(2));
    stop();
  });

  test('include a push, for a phone that is hardly opened; but not every one', async () => {
    await everything();
    const { afterPush } = await import('../worker/sync');
    const registration = { getNotifications: async () => [] };
    await afterPush(registration);
    await afterPush(registration);
    expect(questions()).toHaveLength(1);
    expect(here.phone.session.phone.personId).toBe(ME.id);
  });

  test('do not include one at which nobody is signed in', async () => {
    await everything();
    await here.phone.device.writeSignedIn({ id: ME.id, confirmed: true, ended: true });
    const { afterPush } = await import('../worker/sync');
    await afterPush({ getNotifications: async () => [] });
    expect(questions()).toEqual([]);
  });
});
