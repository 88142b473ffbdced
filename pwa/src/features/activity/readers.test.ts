import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ActivityOut, CohortOut, CohortPerson, ReflectionOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';
import { someReflection } from '../../testing/some-reflection';
import { audienceWords } from '../../ui/audience-words';
import { readersAsOf, respondersOf } from './readers';

const CLEO = { id: 'cleo', name: 'Cleo' };
const DEV = { id: 'dev', name: 'Dev' };
const ROWAN = { id: 'rowan', name: 'Rowan' } as CohortOut;
const people = [ME, OTHER, CLEO].map(
  (one) => ({ ...one, role: 'participant' }) as unknown as CohortPerson,
);

const theirs = (change: Partial<ReflectionOut>) =>
  someReflection({
    id: 'r',
    author: OTHER,
    text: 'We paused.',
    written_at: '2026-11-22T10:00:00Z',
    audience: 'cohort',
    shared_with: [ME, CLEO],
    mine: false,
    ...change,
  });

const SEEN: [Partial<ReflectionOut>, CohortPerson[], string, string][] = [
  [{}, people, 'All 3 people in Rowan can see this.', 'All 3 people in Rowan will see this.'],
  [
    {},
    [...people, { ...DEV, role: 'participant' } as unknown as CohortPerson],
    'Everyone who was in Rowan when Björn shared this can see it; those who joined since cannot.',
    'Everyone who was in Rowan when Björn shared this will see it; those who joined since will not.',
  ],
  [{ audience: 'people', shared_with: [ME] }, people, 'You can see this.', 'Björn will see this.'],
  [
    { audience: 'people', shared_with: [ME, CLEO] },
    people,
    'Cleo and you can see this.',
    'Björn and Cleo will see this.',
  ],
];

/** A list tells of a cohort how many they are, and not who; a copy from before names them. */
const inList = (told: Partial<ReflectionOut>): Partial<ReflectionOut> =>
  told.audience === 'people' ? told : { ...told, shared_with: [], reached: 2 };

test.each(SEEN)('the same is said of it in a list: %o', (change, members, can, will) => {
  const reflection = theirs(inList(change));
  expect(audienceWords(readersAsOf(reflection, ROWAN, members, ME.id), 'can')).toBe(can);
  expect(audienceWords(respondersOf(reflection, ROWAN, members, ME.id), 'will')).toBe(will);
});

test.each([0, 1])('and of mine, with %i who joined since', (since) => {
  const members = [...people, ...[{ ...DEV, role: 'participant' }].slice(1 - since)];
  const named = theirs({ author: ME, mine: true, shared_with: [OTHER, CLEO] });
  const said = [named, { ...named, shared_with: [] }].map((one) =>
    audienceWords(readersAsOf(one, ROWAN, members as CohortPerson[], ME.id), 'can'),
  );
  expect(new Set(said).size).toBe(1);
  expect(said[0]).toMatch(since ? /when you shared this/ : /^All 3 people in Rowan/);
});

test.each(SEEN)('who else sees what another shared: %o', (change, members, can, will) => {
  const reflection = theirs(change);
  expect(audienceWords(readersAsOf(reflection, ROWAN, members, ME.id), 'can')).toBe(can);
  expect(audienceWords(respondersOf(reflection, ROWAN, members, ME.id), 'will')).toBe(will);
});

let activity: unknown[] = [];

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return json(200, { items: [ROWAN], next: null });
      if (path.includes('/activity')) return json(200, { items: activity, next: null });
      if (path.startsWith('/api/reflections?')) {
        const mine = theirs({ author: ME, mine: true, shared_with: [OTHER] });
        return json(200, { items: [mine], next: null });
      }
      return path.endsWith('/people') ? json(200, { items: people, next: null }) : null;
    },
  ];
  const phone = await signedInTab();
  phone.session.person = ME as typeof phone.session.person;
  const { cohorts } = await import('../cohorts/cohorts.svelte');
  await cohorts.load();
  await cohorts.people('rowan').load();
  await (await import('../../i18n')).learn(['activity', 'responses']);
});

test.each([
  ['shared', {}, /All 3 people in Rowan can see this\./],
  ['shared', { audience: 'people', shared_with: [ME, CLEO] }, /Cleo and you can see this\./],
  [
    'shared',
    { author: ME, mine: true, shared_with: [OTHER, CLEO] },
    /All 3 people in Rowan can see this\./,
  ],
  ['responded', { audience: 'people', shared_with: [ME] }, /You can see this\./],
] as const)(
  'a card of the activity (%s, %o) says who else sees it',
  async (kind, change, words) => {
    const { default: ActivityItem } = await import('./ActivityItem.svelte');
    const item = {
      id: 'a',
      happened_at: '2026-11-22T10:00:00Z',
      kind,
      by: OTHER,
      reflection: theirs(change as Partial<ReflectionOut>),
      response: kind === 'responded' ? { kind: 'curious', text: 'Why?' } : null,
      details: null,
    } as unknown as ActivityOut;
    await show(ActivityItem, { item });
    await vi.waitFor(() => expect(document.body.textContent).toMatch(words));
  },
);

const shows = async (screen: () => Promise<{ default: Component<any> }>, props = {}) =>
  show((await screen()).default, props);

test.each([
  [{}, /New in Rowan.*We paused\..*All 3 people in Rowan can see this\./s],
  [{ audience: 'people', shared_with: [ME, CLEO] }, /We paused\..*Cleo and you can see this\./s],
] as const)('a card of what is new says who else sees it: %o', async (change, words) => {
  const reflection = theirs(change as Partial<ReflectionOut>);
  const happened_at = '2026-11-22T10:00:00Z';
  activity = [{ id: 'a', happened_at, kind: 'shared', by: OTHER, reflection, response: null }];
  await shows(() => import('../today/NewInCohort.svelte'), { cohort: ROWAN });
  await vi.waitFor(() => expect(document.body.textContent).toMatch(words));
});

test('what others see says of each who sees it, and does not promise it to those who came later', async () => {
  await (await import('../../i18n')).learn(['mine', 'seen']);
  await shows(() => import('../reflections/WhatOthersSee.svelte'));
  await vi.waitFor(() =>
    expect(document.body.textContent).toMatch(
      /All of Rowan.*Whoever joined later sees only what you shared after that\..*We paused\..*those who joined since cannot\./s,
    ),
  );
});
