// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { CohortOut, CohortPerson } from '../../api/shapes';
import { audienceWords } from '../../ui/audience-words';
import { groupWords } from './group-words';
import { areaWords } from './choice-words';
import { readersIn } from './readers-in';
import { newcomers, readersOf } from './words';

const person = (id: string, name: string, role: CohortPerson['role'] = 'participant') =>
  ({ id, name, role, matters: '', brings: '', curious_about: '' }) as CohortPerson;
const [me, ana, bo, fay] = [
  person('1', 'Me'),
  person('2', 'Ana'),
  person('3', 'Bo'),
  person('4', 'Fay', 'facilitator'),
] as const;
const all = [me, ana, bo, fay];
const rowan = { name: 'Rowan' };
const named = (people: CohortPerson[]) => people.map(({ id, name }) => ({ id, name }));

describe('who sees it', () => {
  const words = (audience: 'me' | 'people' | 'cohort', shared: CohortPerson[], known = all) =>
    audienceWords(
      readersOf({ audience, shared_with: named(shared), cohort_id: 'c' }, rowan, known, me.id),
      'can',
    );

  it.each([
    ['only me', words('me', []), 'Only you can see this.'],
    ['chosen people', words('people', [ana, bo]), 'Ana and Bo can see this.'],
    [
      'the cohort',
      words('cohort', [ana, bo, fay]),
      'All 4 people in Rowan can see this, the facilitator among them.',
    ],
    [
      'the cohort, its people not known yet',
      words('cohort', [ana, bo, fay], []),
      'All 4 people in Rowan can see this.',
    ],
    [
      'the cohort, of which nothing is known yet',
      words('cohort', [], []),
      'Everyone in Rowan can see this.',
    ],
    [
      'the cohort, in which nobody else is',
      words('cohort', [], [me]),
      'You are the only person in Rowan so far.',
    ],
    [
      'the cohort before Fay joined',
      words('cohort', [ana, bo]),
      'Everyone in Rowan when you shared this can see it; those who joined since cannot.',
    ],
  ])('%s', (_, said, expected) => expect(said).toBe(expected));

  it('counts me among the facilitators as among the people', () => {
    const two = [...all, { ...all[0]!, id: '9', name: 'Gil', role: 'facilitator' as const }];
    const cohort = { ...rowan, id: 'rowan' } as CohortOut;
    const said = two.map(({ id }) => readersIn(cohort, two, id).facilitators);
    expect(new Set(said)).toEqual(new Set([2]));
  });

  it('does not count me as the facilitator among the others', () => {
    const shared = {
      audience: 'cohort' as const,
      shared_with: named([me, ana, bo]),
      cohort_id: 'c',
    };
    expect(readersOf(shared, rowan, all, fay.id).facilitators).toBe(0);
  });
});

it('does not know how many read what was not sent yet, and takes who belongs', () => {
  const unsent = { audience: 'cohort' as const, shared_with: [], cohort_id: 'c' };
  expect(readersOf(unsent, rowan, all, me.id)).toMatchObject({ people: 4, isPast: false });
  expect(readersOf(unsent, rowan, [], me.id)).toMatchObject({ people: 0, isPast: false });
});

it('takes the server at its word that it reaches nobody', () => {
  const alone = { audience: 'cohort' as const, shared_with: [], reached: 0, cohort_id: 'c' };
  expect(readersOf(alone, rowan, all, me.id)).toMatchObject({ people: 1, isPast: true });
  expect(readersOf(alone, rowan, [me], me.id)).toMatchObject({ people: 1, isPast: false });
});

describe('newcomers', () => {
  it('are those who joined after it was shared with the cohort', () => {
    const shared = { audience: 'cohort' as const, shared_with: named([ana]), cohort_id: 'c' };
    expect(newcomers(shared, all, me.id).map(({ name }) => name)).toEqual(['Bo', 'Fay']);
  });

  it('are nobody for what was shared with chosen people', () => {
    const shared = { audience: 'people' as const, shared_with: named([ana]), cohort_id: 'c' };
    expect(newcomers(shared, all, me.id)).toEqual([]);
  });
});

it('names areas in the order of the drawing', () => {
  expect(areaWords(['system', 'self'])).toBe('Self and system');
});

it.each([
  ['today', 'Today'],
  ['last_week', 'Last week'],
  ['2026-10', 'October'],
  ['2025-10', 'October 2025'],
])('the heading %s reads %s', (when, words) => {
  expect(groupWords(when, new Date(2026, 10, 22))).toBe(words);
});
