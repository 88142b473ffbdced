// @vitest-environment node
import { expect, test } from 'vitest';
import { ME, OTHER } from '../../testing/pretend-server';
import { aContract, aProposal, aReview } from '../../testing/pretend-contract';
import { answeredWords, askWords, changeWords, frameWords, subjectOf, timeLeft } from './words';
import { versionWords } from './words';
import { somePosition } from '../../testing/some-proposal';

const NOW = new Date('2026-11-22T12:00:00Z');
const ahead = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000).toISOString();

test('a version says when it was adopted', () => {
  expect(versionWords(3, '2026-11-17T09:00:00Z', NOW)).toBe('Version 3 · adopted on Tuesday');
  expect(versionWords(1, '2026-03-03T09:00:00Z', NOW)).toBe('Version 1 · adopted 3 March');
  expect(versionWords(2, null, NOW)).toBe('Version 2');
});

test.each([
  [150, '6 days left'],
  [25, '1 day left'],
  [23, '23 hours left'],
  [1.2, '1 hour left'],
  [0.5, '30 minutes left'],
  [-1, 'its time is over, it is being counted'],
])('%d hours before it closes', (hours, words) => {
  const proposal = { closes_at: ahead(hours), is_closing: false };
  expect(timeLeft(proposal, NOW.getTime())).toBe(words);
});

test('what only this phone has, has no end yet', () => {
  expect(timeLeft({ closes_at: '', is_closing: false })).toBe('');
});

test('how many have answered, never who has not', () => {
  expect(answeredWords(aProposal({ answered: 1, needed: 7 }), ME.id)).toBe(
    '1 of the 7 answers needed is here',
  );
  expect(answeredWords(aProposal({ answered: 4, needed: 7 }), ME.id)).toBe(
    '4 of the 7 answers needed are here',
  );
  const enough = { answered: 9, needed: 7 };
  expect(answeredWords(aProposal({ ...enough, positions: [somePosition()] }), ME.id)).toBe(
    '9 people have answered, and that is enough',
  );
  expect(answeredWords(aProposal({ ...enough, positions: null }), ME.id)).toBe(
    '9 people have answered, and that is enough if no objection stands',
  );
});

test.each([
  [9, 7, true],
  [3, 7, true],
  [9, 7, false],
])(
  'with an objection no number is enough: %i of %i, to these words: %s',
  (answered, needed, is_current) => {
    const positions = [somePosition({ person: OTHER, position: 'object', is_current })];
    expect(answeredWords(aProposal({ answered, needed, positions }), ME.id)).toEqual(
      expect.stringMatching(/^Björn objects: it goes back to /),
    );
  },
);

test('letting go is about the words that would go', () => {
  const proposal = aProposal({ kind: 'retire', text: '', before: 'We begin on time.' });
  expect(subjectOf(proposal)).toBe('We begin on time.');
});

test('who suggested what made a version', () => {
  const change = { proposal_id: 'p', kind: 'add', text: '', why: '', at_gathering: false } as const;
  const said = (proposer: typeof ME | null, gathering = false) =>
    changeWords({ ...change, proposer, at_gathering: gathering }, ME.id);
  expect(said(OTHER)).toBe('Björn suggested a new commitment.');
  expect(said(ME)).toBe('You suggested a new commitment.');
  expect(said(null)).toBe('Someone suggested a new commitment.');
  expect(said(OTHER, true)).toMatch(/Decided together at a gathering\.$/);
});

test('who asks to look again', () => {
  expect(askWords(aReview({ by: OTHER, text: 'Quiet time?' }), ME.id)).toBe('Björn asks:');
  expect(askWords(aReview({ by: ME, text: 'Quiet time?' }), ME.id)).toBe('You asked:');
  expect(askWords(aReview({ by: OTHER, text: '' }), ME.id)).toMatch(/^Björn asks us/);
  expect(askWords(aReview({ by: null, text: '' }), ME.id)).toMatch(/Does it still fit\?$/);
  expect(askWords(aReview({ by: null, text: 'Quiet time?' }), ME.id)).toBe('Somebody who was here asks:');
});

test('how a cohort decides and looks back, in sentences', () => {
  const some = aContract({ needed: 7, members: 14, review_on: '2027-01-17' });
  expect(frameWords({ ...some, check_in_every_weeks: 2 }, NOW)).toEqual([
    'At least 7 of the 14 of us need to have answered.',
    'We look at all of it again on 17 January 2027.',
    'Every 2 weeks we ask how we are living one commitment.',
  ]);
  const none = aContract({ needed: 5, members: 5, review_on: null, check_in_every_weeks: 0 });
  expect(frameWords(none, NOW)).toEqual([
    'Each of us needs to have answered.',
    'No day is set to look at all of it again.',
    'We do not ask regularly how we are living it.',
  ]);
});
