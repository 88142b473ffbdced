import { beforeEach, expect, test } from 'vitest';
import { answers, askedBefore, begin, here, list } from '../testing/late-answers';
import { json } from '../testing/pretend-server';
import { settled } from '../testing/pretend-tab';

/**
 * An answer that was asked for before what I did had arrived comes after it: it must not bring back how things were.
 * One test for each place that needs signal, and asks anew after something was done.
 */
beforeEach(begin);

const COHORTS = '/api/cohorts';
const rowan = { id: 'rowan', name: 'Rowan' };

const DIRECT = [
  [
    'a cohort’s new name',
    COHORTS,
    [list(rowan), list({ ...rowan, name: 'Hazel' })],
    async () => {
      const { cohorts } = await import('./cohorts/cohorts.svelte');
      const convening = await import('./convening/convening');
      return {
        load: () => cohorts.load(),
        act: () => convening.change('rowan', { name: 'Hazel' }),
        shown: () => cohorts.items.map(({ name }) => name),
      };
    },
    ['Hazel'],
  ],
  [
    'a cohort that I brought together',
    COHORTS,
    [list(rowan), list({ id: 'hazel', name: 'Hazel' }, rowan)],
    async () => {
      const { cohorts } = await import('./cohorts/cohorts.svelte');
      const convening = await import('./convening/convening');
      return {
        load: () => cohorts.load(),
        act: () => convening.convene({ name: 'Hazel' } as never),
        shown: () => cohorts.current?.id,
      };
    },
    'hazel',
  ],
  [
    'an invitation that I withdrew',
    '/api/cohorts/rowan/invitations',
    [list({ id: 'i' }), list()],
    async () => {
      const convening = await import('./convening/convening');
      const invitations = convening.invitations('rowan');
      return {
        load: () => invitations.load(),
        act: () => convening.revoke('rowan', 'i'),
        shown: () => invitations.value?.items,
      };
    },
    [],
  ],
  [
    'an invitation that I made',
    '/api/cohorts/rowan/invitations',
    [list(), list({ id: 'i' })],
    async () => {
      const convening = await import('./convening/convening');
      const invitations = convening.invitations('rowan');
      return {
        load: () => invitations.load(),
        act: () => convening.invite('rowan', {} as never),
        shown: () => invitations.value?.items.length,
      };
    },
    1,
  ],
  [
    'a session that I ended',
    '/api/me/sessions',
    [list({ id: 's' }), list()],
    async () => {
      const { me } = await import('./me/me.svelte');
      return {
        load: () => me.loadSessions(),
        act: () => me.endSession('s'),
        shown: () => me.sessions,
      };
    },
    [],
  ],
  [
    'what we have talked about',
    '/api/cohorts/rowan/pulse',
    [
      { ...list(), to_talk_about: ['c'] },
      { ...list(), to_talk_about: [] },
    ],
    async () => {
      const { pulses } = await import('./pulse/pulses.svelte');
      const pulse = pulses.of('rowan');
      return {
        load: () => pulse.load(),
        act: () => pulses.haveTalked('rowan', 'c'),
        shown: () => pulse.toTalkAbout,
      };
    },
    [],
  ],
  [
    'when we look again',
    '/api/cohorts/rowan/contract',
    [
      { version: 1, reviews: [], review_on: null },
      { version: 1, reviews: [], review_on: '2027-01-12' },
    ],
    async () => {
      const { contractOf } = await import('./contract/contract.svelte');
      const contract = contractOf('rowan');
      return {
        load: () => contract.load(),
        act: () => contract.change({ review_on: '2027-01-12' } as never),
        shown: () => contract.now?.review_on,
      };
    },
    '2027-01-12',
  ],
  [
    'a device that I took off the list',
    '/api/devices',
    [list({ id: 'd' }), list()],
    async () => {
      const { devices } = await import('./devices/devices.svelte');
      return {
        load: () => devices.load(),
        act: () => devices.remove('d'),
        shown: () => devices.items,
      };
    },
    [],
  ],
] as const;

test.each(DIRECT)('%s is shown', async (_what, path, [before, after], opened, expected) => {
  here.there[path] = before;
  answers(({ method, path: to }) => {
    if (method === 'GET' || to.includes('sync')) return null;
    here.there[path] = after;
    return method === 'DELETE' || method === 'PUT'
      ? new Response(null, { status: 204 })
      : json(200, { id: 'hazel' });
  });
  const { load, act, shown } = await opened();
  const arrives = await askedBefore(path, load);
  const done = act();
  await settled();
  await arrives();
  await done;
  expect(shown()).toEqual(expected);
});

test('the cohort that I tapped stays, though the disk was asked before', async () => {
  here.there[COHORTS] = list({ id: 'hazel', name: 'Hazel' }, rowan);
  const { cohorts } = await import('./cohorts/cohorts.svelte');
  await cohorts.load();
  const asked = cohorts.load();
  const chosen = cohorts.choose('rowan');
  await Promise.all([asked, chosen]);
  expect(cohorts.current?.id).toBe('rowan');
});
