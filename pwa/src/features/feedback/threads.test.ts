// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { FeedbackOut, FeedbackRequestOut } from '../../api/shapes';
import type { OutboxRow } from '../../store/database';
import { newRow, type KeptItem } from '../../store/items';
import { actId, type Act, type OwnAnswer, type OwnAsk, type Step } from './kinds';
import { somePiece, someRequest } from '../../testing/some-feedback';
import { orphansOf, placeOf, placed, threadsOf, type Known } from './threads';

const ANA = { id: 'ana', name: 'Ana' };
const BO = { id: 'bo', name: 'Bo' };
const NOW = Date.parse('2026-11-22T10:00:00Z');

/** So that nothing depends on the day on which it is tested. */
const piece = (change: Partial<FeedbackOut> = {}): FeedbackOut =>
  somePiece({
    giver: BO,
    receiver: ANA,
    begun_at: '2026-11-20T10:00:00Z',
    fades_at: '2026-12-04T10:00:00Z',
    ...change,
  });

const request = (change: Partial<FeedbackRequestOut> = {}): FeedbackRequestOut =>
  someRequest({ asker: ANA, feedback: [piece()], ...change });

const known = (change: Partial<Known> = {}): Known => ({
  asking: [],
  asked: [],
  offered: [],
  requests: [],
  answers: [],
  offers: [],
  acts: [],
  undone: new Set(),
  ...change,
});

const row = (change: Partial<OutboxRow> = {}): OutboxRow => ({
  ...newRow('feedback_acts', 'x', null),
  ...change,
});

const answer = (noticed: string, change: Partial<OutboxRow> | null): KeptItem<OwnAnswer> => ({
  version: null,
  id: 'ask',
  value: { noticed, landed: '', wonder: '', to: ANA },
  row: change && row(change),
});

const act = (step: Step, value: Act, change: Partial<OutboxRow> | null = {}): KeptItem<Act> => ({
  version: null,
  id: actId(step, 'piece'),
  value,
  row: change && row(change),
});

const asked = (change: Partial<FeedbackOut> = {}) =>
  request({
    mine: false,
    feedback: [piece({ i_am: 'giver', giver: ANA, receiver: BO, ...change })],
  });
const one = (all: Known, now = NOW) => threadsOf(all, now)[0]!.pieces[0]!;

describe('what I did lies over what the server said', () => {
  it.each<[Step, Record<string, unknown>, Partial<FeedbackOut>, Partial<FeedbackOut>]>([
    [
      'decline',
      { how: 'not_now' },
      { state: 'asked' },
      { state: 'declined', declined_how: 'not_now' },
    ],
    ['welcome', {}, { state: 'offered' }, { state: 'welcomed' }],
    ['reminder', {}, { state: 'asked' }, { was_reminded: true }],
    [
      'thanks',
      { text: 'Thank you.', heard: 'Wait.', wants_to_talk: true },
      { state: 'opened' },
      { state: 'thanked', thanks: 'Thank you.', heard: 'Wait.', wants_to_talk: true },
    ],
    ['passing-on', { agrees: true }, { state: 'opened' }, { receiver_passes_on: true }],
  ])('%s, while it waits here', (step, body, before, after) => {
    const asking = [request({ feedback: [piece(before)] })];
    expect(one(known({ asking, acts: [act(step, { body })] }))).toMatchObject(after);
  });

  it('but not what could not be sent', () => {
    const acts = [act('decline', { body: { how: 'not_now' } }, { state: 'parked' })];
    const shown = one(known({ asked: [asked()], acts }));
    expect(shown).toMatchObject({
      state: 'asked',
      pending: [{ step: 'decline', sending: 'parked' }],
    });
  });

  it('what the server answered to an act is newer than the list', () => {
    const after = piece({ state: 'opened', noticed: 'You waited.' });
    const acts = [act('open', { body: {}, after, at: 1 }, null)];
    const asking = [request({ feedback: [piece({ state: 'answered' })] })];
    expect(one(known({ asking, acts }))).toMatchObject({ state: 'opened', noticed: 'You waited.' });
  });

  it('an answer is fixed when the server says so, or when its time has come here', () => {
    const soon = new Date(NOW + 60_000).toISOString();
    const sent = known({ asked: [asked({ state: 'answered', fixed_at: soon })] });
    expect(one(sent).is_fixed).toBe(false);
    expect(one(sent, NOW + 60_000).is_fixed).toBe(true);
    const said = known({ asked: [asked({ state: 'answered', fixed_at: soon, is_fixed: true })] });
    expect(one(said).is_fixed).toBe(true);
    const back = { ...said, answers: [answer('You waited.', { intent: 'delete' })] };
    expect(one(back)).toMatchObject({ state: 'asked', is_fixed: false });
  });

  it('my answer, waiting, changed and taken back', () => {
    const waiting = known({ asked: [asked()], answers: [answer('You waited.', {})] });
    expect(one(waiting)).toMatchObject({ state: 'answered', noticed: 'You waited.' });
    const stored = asked({ state: 'answered', noticed: 'You waited.', version: 1 });
    const back = known({ asked: [stored], answers: [answer('You waited.', { intent: 'delete' })] });
    expect(one(back)).toMatchObject({ state: 'asked', noticed: '', answer: null });
    const gone = known({ asked: [stored], undone: new Set(['feedback_answers/ask']) });
    expect(one(gone)).toMatchObject({ state: 'asked', noticed: '' });
  });

  it('keeps both texts of an answer that was changed in two places', () => {
    const mine = {
      ...answer('From here.', { state: 'conflict' }),
      theirs: answer('There.', null).value,
    };
    const shown = one(
      known({ asked: [asked({ state: 'answered', noticed: 'There.' })], answers: [mine] }),
    );
    expect(shown).toMatchObject({
      noticed: 'There.',
      answer: { noticed: 'From here.', theirs: { noticed: 'There.' } },
    });
  });
});

describe('withdrawing', () => {
  const own = (feedback: FeedbackOut[], change: Partial<OutboxRow>): KeptItem<OwnAsk> => ({
    version: null,
    id: 'ask',
    value: { ...request({ feedback }), asked: [BO] },
    row: row(change),
  });

  it('takes an ask away that nobody answered', () => {
    expect(threadsOf(known({ requests: [own([piece()], { intent: 'delete' })] }), NOW)).toEqual([]);
  });

  it('leaves the answers that are there', () => {
    const pieces = [piece(), piece({ id: 'other', state: 'opened', noticed: 'x' })];
    const [thread] = threadsOf(known({ requests: [own(pieces, { intent: 'delete' })] }), NOW);
    expect(thread!.pieces.map(({ id }) => id)).toEqual(['other']);
  });

  const mine = { state: 'withdrawn', noticed: 'You waited.', version: 1 } as const;
  const kept = () => asked({ ...mine, answered_at: '2026-11-22T09:55:00Z' });

  it('leaves what I had answered with me', () => {
    const [thread] = threadsOf(known({ asked: [{ ...kept(), question: '' }] }), NOW);
    expect(thread).toMatchObject({ words: '', pieces: [{ ...mine, is_fixed: false }] });
    expect(placed([thread!]).given).toHaveLength(1);
  });

  it.each([null, {}])('also while the phone has not forgotten what it sent (%o)', (change) => {
    const all = known({ asked: [kept()], answers: [answer('You waited.', change)] });
    expect(one(all)).toMatchObject(mine);
  });

  it('and leaves nothing once I let go of it, also before the server knows', () => {
    for (const gone of [
      known({ asked: [kept()], answers: [answer('You waited.', { intent: 'delete' })] }),
      known({ asked: [kept()], undone: new Set(['feedback_answers/ask']) }),
    ]) {
      const threads = threadsOf(gone, NOW);
      expect([threads, orphansOf(gone, threads)]).toEqual([[], []]);
    }
  });

  it('leaves my words for it on the phone', () => {
    const all = known({ answers: [answer('Mine.', { state: 'parked' })] });
    expect(orphansOf(all, threadsOf(all, NOW))).toMatchObject([
      { id: 'ask', noticed: 'Mine.', to: ANA },
    ]);
  });
});

describe('fading', () => {
  it('happens on the phone too, without a word from the server', () => {
    const all = known({ asking: [request()] });
    expect(one(all).has_faded).toBe(false);
    expect(one(all, Date.parse('2026-12-05T10:00:00Z')).has_faded).toBe(true);
  });

  it('is over as soon as there is an answer', () => {
    const asking = [request({ feedback: [piece({ state: 'answered', has_faded: false })] })];
    expect(one(known({ asking }), Date.parse('2027-01-01T00:00:00Z')).has_faded).toBe(false);
  });
});

it.each<[Partial<FeedbackOut>, string]>([
  [{ i_am: 'giver', state: 'asked' }, 'answer'],
  [{ i_am: 'giver', state: 'welcomed' }, 'answer'],
  [{ i_am: 'receiver', state: 'offered' }, 'answer'],
  [{ i_am: 'giver', state: 'offered' }, 'given'],
  [{ i_am: 'giver', state: 'answered' }, 'given'],
  [{ i_am: 'giver', state: 'declined' }, 'given'],
  [{ i_am: 'giver', state: 'withdrawn' }, 'given'],
  [{ i_am: 'receiver', state: 'asked' }, 'with_others'],
  [{ i_am: 'receiver', state: 'welcomed' }, 'with_others'],
  [{ i_am: 'receiver', state: 'answered' }, 'open'],
  [{ i_am: 'receiver', state: 'opened' }, 'received'],
  [{ i_am: 'receiver', state: 'declined' }, 'received'],
  [{ i_am: 'giver', state: 'asked', has_faded: true }, 'faded'],
])('stands where one looks for it: %o', (change, place) => {
  expect(placeOf({ ...piece(change), answer: null, pending: [] })).toBe(place);
});

it('lists every piece exactly once', () => {
  const all = known({
    asking: [request()],
    asked: [asked({ id: 'p2' })].map((r) => ({ ...r, id: 'a2' })),
  });
  const entries = Object.values(placed(threadsOf(all, NOW))).flat();
  expect(entries).toHaveLength(2);
});
