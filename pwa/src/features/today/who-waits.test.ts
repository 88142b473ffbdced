import { expect, it } from 'vitest';
import type { CheckInOut, PersonRef } from '../../api/shapes';
import type { Entry } from '../feedback/threads';
import type { Proposal } from '../proposals/laid-over';
import { lineOf, type Waiting } from './who-waits.svelte';

const person = (name: string): PersonRef => ({ id: name, name });
const ask = (name: string, i_am = 'giver') =>
  ({
    thread: { id: `ask-${name}` },
    piece: { i_am, receiver: person(name), giver: person('Me') },
  }) as Entry;
const offer = (name: string) =>
  ({
    thread: { id: `offer-${name}` },
    piece: { i_am: 'receiver', giver: person(name), receiver: person('Me') },
  }) as Entry;
const proposal = (name: string | null) =>
  ({ id: `by-${name}`, proposer: name && person(name) }) as Proposal;
const joined = (isToday: boolean) => ({ cohort: 'Rowan', isToday });
const checkIn = { id: 'c' } as CheckInOut;

const nothing: Waiting = {
  asked: [],
  answered: [],
  proposals: [],
  checkIns: [],
  justForMe: null,
  joined: null,
  elsewhere: [],
};
const inAlder = (proposals: Proposal[], checkIns: CheckInOut[] = []): Partial<Waiting> => ({
  elsewhere: [{ cohort: { id: 'alder', name: 'Alder' }, proposals, checkIns }],
});
const said = (some: Partial<Waiting>) => lineOf({ ...nothing, ...some });

it.each<[string, Partial<Waiting>, string]>([
  ['one', { asked: [ask('Morag')] }, 'Morag waits for a word from you'],
  ['two', { asked: [ask('Morag'), offer('Len')] }, 'Morag and Len wait for a word from you'],
  [
    'more',
    { asked: [ask('Morag'), ask('Len')], proposals: [proposal('Hazel')] },
    'Morag and two others wait for a word from you',
  ],
  [
    'somebody who waits for two things is one',
    { asked: [ask('Morag')], proposals: [proposal('Morag')] },
    'Morag waits for a word from you',
  ],
  [
    'what asks besides is not left out',
    { asked: [ask('Morag')], answered: [offer('Len')], checkIns: [checkIn] },
    'Morag waits for you. There is more here',
  ],
  ['an answer', { answered: [offer('Len')] }, 'Len has answered you'],
  [
    'my own question is one of what is below',
    { answered: [offer('Len')], justForMe: 'What did I do?' },
    'Len has answered you. There is more here',
  ],
  ['my own question alone', { justForMe: 'What did I do?' }, 'A question just for you is here'],
  ['first steps', { joined: joined(false) }, 'You joined Rowan. Your first steps are here'],
  [
    'first steps after who waits',
    { asked: [ask('Morag')], joined: joined(false) },
    'Morag waits for you. There is more here',
  ],
  [
    'first steps before all else on the day',
    { asked: [ask('Morag')], joined: joined(true) },
    'You joined Rowan. Your first steps are here',
  ],
  ['a check-in', { checkIns: [checkIn] }, 'A check-in is open for you'],
  [
    'a proposal of somebody who has left',
    { proposals: [proposal(null)], checkIns: [checkIn] },
    'A suggestion waits for your answer. There is more here',
  ],
  ['in another cohort', inAlder([proposal('Bo')]), 'Bo waits for a word from you in Alder'],
  [
    'more in that one',
    inAlder([proposal('Bo')], [checkIn]),
    'Bo waits for you in Alder. More is in Alder',
  ],
  [
    'here, and in another cohort',
    { asked: [ask('Morag')], ...inAlder([proposal('Bo')]) },
    'Morag waits for you. More is in Alder',
  ],
  [
    'more here, and in another cohort',
    { asked: [ask('Morag')], checkIns: [checkIn], ...inAlder([], [checkIn]) },
    'Morag waits for you. There is more here, and in Alder',
  ],
])('says who waits: %s', (_what, some, words) => {
  expect(said(some)?.words).toBe(words);
});

it('leads to the first of them', () => {
  expect(said({ asked: [ask('Morag')], proposals: [proposal('Len')] })?.href).toBe(
    '/feedback/ask-Morag',
  );
  expect(said({ proposals: [proposal('Len')] })?.href).toBe('/cohort/contract/proposals/by-Len');
  expect(said(inAlder([proposal('Bo')]))?.href).toBe(
    '/cohort/contract/proposals/by-Bo?cohort=alder',
  );
});

it('leads a newcomer to the first steps', () => {
  expect(said({ joined: joined(false) })?.href).toBe('/#begin-here');
});

it('is silent where nobody waits', () => {
  expect(lineOf(nothing)).toBeNull();
});
