// @vitest-environment node
import { beforeAll, expect, test } from 'vitest';
import { learn } from '../../i18n';
import { laidOver, NOTHING_KEPT, type Proposal } from './laid-over';
import { CLEO, somePosition, someProposal } from '../../testing/some-proposal';
import {
  closesWords,
  countWords,
  inTheWay,
  leadOf,
  missingToDecideNow,
  outcomeWords,
  ruleWords,
  timeLeft,
} from './words';
import { ME } from '../../testing/pretend-server';

beforeAll(() => learn(['proposals']));

const objects = (change = {}) =>
  somePosition({ person: CLEO, position: 'object', text: 'Not so.', ...change });

const SUNDAY = new Date('2026-11-22T10:00:00');
const shown = (change: Parameters<typeof someProposal>[0], now?: number): Proposal =>
  laidOver(someProposal(change), 'one', NOTHING_KEPT, ME, now)!;

test.each([
  ['2026-11-22T09:59:00', 'its time is over, and it is being counted'],
  ['2026-11-22T10:00:30', 'closes in a minute'],
  ['2026-11-22T10:40:00', 'closes in 40 minutes'],
  ['2026-11-22T16:05:00', 'closes today at 16:05'],
  ['2026-11-23T08:00:00', 'closes tomorrow at 08:00'],
  ['2026-11-27T10:00:00', 'closes on Friday'],
  ['2026-11-29T10:00:00', 'closes on 29 November'],
  ['2027-01-03T10:00:00', 'closes on 3 January 2027'],
])('%s: %s', (at, words) => {
  expect(closesWords(at, SUNDAY)).toBe(words);
});

test('a clock that is turned back does not lose a day', () => {
  // Summer time ends on 25 October 2026 in many places; noon to noon is still one day.
  expect(closesWords('2026-10-25T09:00:00', new Date('2026-10-24T10:00:00'))).toBe(
    'closes tomorrow at 09:00',
  );
});

test.each([
  [0, 7, 'Nobody has answered yet; 7 answers are needed.'],
  [1, 7, '1 of the 7 answers needed is here.'],
  [5, 7, '5 of the 7 answers needed are here.'],
  [9, 7, '9 people have answered: enough for a decision when it closes.'],
])('%i of %i', (answered, needed, words) => {
  expect(countWords({ answered, needed, positions: [somePosition()] })).toBe(words);
});

test.each([
  [[objects()], '3 people have answered, and an objection stands in the way.'],
  [[objects({ person: ME })], '3 people have answered, and an objection stands in the way.'],
  [[objects({ is_current: false })], '3 people have answered, and an objection stands in the way.'],
  [null, '3 people have answered: enough for a decision, if no objection stands when it closes.'],
])('enough is not said while an objection stands, or may: %#', (positions, words) => {
  expect(countWords({ answered: 3, needed: 3, positions })).toBe(words);
});

test('an objection is said before a number that is missing, and no objection to nobody’s answer', () => {
  const positions = [objects()];
  expect(countWords({ answered: 6, needed: 8, positions })).toBe(
    '6 people have answered, and an objection stands in the way.',
  );
  const earlier = [objects({ is_current: false })];
  expect(countWords({ answered: 0, needed: 8, positions: earlier })).toBe(
    'Nobody has answered yet; 8 answers are needed.',
  );
});

test.each([
  [{ state: 'adopted', adopted_as: 3 }, 'Adopted as version 3 of our contract.'],
  [
    { state: 'adopted', adopted_as: 3, at_gathering: true },
    'Adopted at a gathering, as version 3 of our contract.',
  ],
  [{ state: 'returned' }, 'Returned to Björn, with thanks.'],
  [{ state: 'returned', mine: true, proposer: ME }, 'Returned to you, with thanks.'],
  [
    { state: 'unanswered', answered: 5, needed: 7 },
    '5 of the 7 answers needed came. Silence is not consent, so all stays as it is.',
  ],
  [
    { state: 'overtaken', kind: 'reword' },
    'The commitment changed in another way meanwhile, so this was not decided.',
  ],
  [
    { state: 'overtaken', kind: 'add' },
    'Enough of us answered, but by then the contract held thirty commitments, and more are hard to live. Once one is let go, this can be suggested again.',
  ],
] as const)('what became of it: %o', (change, words) => {
  expect(outcomeWords(shown(change))).toBe(words);
});

test('whose it is, and when its proposer has erased themselves', () => {
  expect(leadOf(shown({}))).toBe('Björn suggests');
  expect(leadOf(shown({ mine: true }))).toBe('You suggest');
  expect(leadOf(shown({ proposer: null, state: 'adopted' }))).toBe(
    'Somebody who was here suggested',
  );
});

test('one that was never sent has no date yet', () => {
  expect(timeLeft(shown({ closes_at: '' }))).toBe('open for a week once it is sent');
});

test('a phone without signal sees for itself that the time is over', () => {
  const over = shown({ closes_at: '2026-11-22T09:00:00Z' }, Date.parse('2026-11-22T10:00:00Z'));
  expect(timeLeft(over, SUNDAY)).toBe('its time is over, and it is being counted');
});

test.each<[Parameters<typeof someProposal>[0], string]>([
  [{ positions: [] }, ''],
  [
    { positions: [objects()] },
    'Cleo objects: it goes back to Björn when it closes, unless Cleo answers again.',
  ],
  [
    { positions: [objects()], mine: true, proposer: ME },
    'Cleo objects: it goes back to you when it closes, unless you change it and Cleo agrees. Talk with Cleo first.',
  ],
  [
    { positions: [objects()], mine: true, proposer: ME, kind: 'decide' },
    'Cleo objects: it goes back to you when it closes, unless Cleo answers again. Talk with Cleo.',
  ],
  [{ positions: [objects({ is_current: false })] }, 'Cleo objected to the earlier words'],
  [
    { positions: [objects(), objects({ person: null })] },
    'Cleo and somebody who was here object: it goes back to Björn when it closes, unless they answer again.',
  ],
  [
    { positions: [objects({ person: ME })] },
    'You object: it goes back to Björn when it closes, unless you answer again.',
  ],
])('what stands in the way, and what can be done: %#', (change, words) => {
  const told = inTheWay(shown(change), ME.id);
  expect(words === '' ? told : told.slice(0, words.length)).toBe(words);
});

test('what is missing to decide now is said before it is tried', () => {
  expect(missingToDecideNow(shown({ positions: null }), ME.id)).toContain(
    'You have not answered yet.',
  );
  const mine = somePosition();
  const theirs = somePosition({ person: CLEO, position: 'concern', text: 'Slowly.' });
  const missing = (change: Parameters<typeof someProposal>[0]) =>
    missingToDecideNow(shown({ my_position: mine, members: 16, ...change }), ME.id);
  expect(missing({ positions: [mine], unnamed: 4 })).toBe(
    'It cannot be decided now: 11 more answers are needed.',
  );
  expect(missing({ positions: [mine, { ...theirs, position: 'object' }], unnamed: 3 })).toBe(
    'It cannot be decided now: 11 more answers are needed and 1 person objects.',
  );
  expect(missing({ positions: [mine, theirs], unnamed: 14 })).toBe(
    'It cannot be decided now: 1 person has a concern.',
  );
  const worried = { ...mine, position: 'concern' as const, text: 'Slowly.' };
  expect(missing({ positions: [worried], unnamed: 15 })).toBe(
    'It cannot be decided now: you have a concern.',
  );
  expect(missing({ positions: [{ ...worried, position: 'object' }, theirs], unnamed: 14 })).toBe(
    'It cannot be decided now: you object and 1 person has a concern.',
  );
  expect(missing({ positions: [mine], unnamed: 15 })).toBe('');
});

test('what is decided has nothing in its way any more', () => {
  expect(inTheWay(shown({ positions: [objects()], state: 'returned' }), ME.id)).toBe('');
});

test('a change of how we decide is said in words, and is no version', () => {
  expect(ruleWords(null)).toContain('Half of us');
  expect(ruleWords(6)).toBe('At least 6 of us need to have answered.');
  const adopted = shown({ kind: 'decide', state: 'adopted', adopted_as: null, wanted_answers: 6 });
  expect(outcomeWords(adopted)).toBe('Adopted: this is how we decide from now on.');
});
