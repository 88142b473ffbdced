import { beforeEach, expect, test, vi } from 'vitest';
import { PretendServer, ME, json } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { laidOver, NOTHING_KEPT } from './laid-over';
import { someProposal } from '../../testing/some-proposal';
import type { Beginning } from './suggesting.svelte';

const LISTEN = { id: 'listening', text: 'We listen.', why: '', place: 0 };
const ON_TIME = { id: 'time', text: 'We are on time.', why: '', place: 1 };
let phone: Tab;

beforeEach(async () => {
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [({ path }) => (path.includes('proposals') ? json(503, {}) : null)];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

async function begun(beginning: Beginning = {}, commitments = [LISTEN, ON_TIME]) {
  const { Suggesting } = await import('./suggesting.svelte');
  const suggesting = new Suggesting('rowan', commitments, beginning);
  await suggesting.restore();
  return suggesting;
}

const decided = () =>
  laidOver(someProposal({ state: 'returned', version: 2 }), 'one', NOTHING_KEPT, ME)!;

test('something new is what one comes for, unless a commitment comes along', async () => {
  expect((await begun()).state).toMatchObject({ kind: 'add', text: '' });
  expect((await begun({ commitmentId: 'listening' })).state).toMatchObject({
    kind: 'reword',
    text: 'We listen.',
  });
  expect((await begun({ commitmentId: 'gone' })).state.kind).toBe('add');
});

test('a choice fills the box while nobody has written in it, and leaves one’s own words alone', async () => {
  const suggesting = await begun({ commitmentId: 'listening' });
  suggesting.chooseCommitment('time');
  expect(suggesting.state.text).toBe('We are on time.');
  suggesting.choose('add');
  expect(suggesting.state.text).toBe('');
  suggesting.state.text = 'We pause.';
  suggesting.choose('reword');
  suggesting.chooseCommitment('listening');
  expect(suggesting.state.text).toBe('We pause.');
});

test.each([
  [{}, { kind: 'add', text: ' ' }, 'nothing'],
  [{}, { kind: 'retire' }, 'no-commitment'],
  [{ commitmentId: 'listening' }, {}, 'same'],
] as const)('what is missing is said: %o %o', async (beginning, change, problem) => {
  const suggesting = await begun(beginning);
  Object.assign(suggesting.state, change);
  expect(await suggesting.send()).toBe(null);
  expect(suggesting.problem).toBe(problem);
});

test('a draft is there again after a crash; what nobody touched is none', async () => {
  const suggesting = await begun();
  suggesting.remember();
  suggesting.state.text = 'We pause.';
  suggesting.remember();
  await phone.drafts.flushDrafts();
  await settled();
  expect((await begun()).state.text).toBe('We pause.');
  expect((await begun({ commitmentId: 'listening' })).state.text).toBe('We listen.');
});

test('once it is suggested its draft is gone, and the two weeks run from now', async () => {
  const suggesting = await begun();
  Object.assign(suggesting.state, { text: 'We pause.', closes: 'two-weeks' });
  suggesting.remember();
  const id = await suggesting.send();
  const { proposals } = await import('./proposals.svelte');
  const days = (Date.parse(proposals.find(id!)!.closes_at) - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(14, 2);
  expect(await phone.session.phone.db.count('drafts')).toBe(0);
});

test('a draft from when three days could be chosen is open for a week', async () => {
  const suggesting = await begun();
  Object.assign(suggesting.state, { text: 'We pause.', closes: 'days' });
  const id = await suggesting.send();
  const { proposals } = await import('./proposals.svelte');
  expect(proposals.find(id!)!.closes_at).toBe('');
});

test('one that was returned is suggested again with its words', async () => {
  const { state } = await begun({ again: decided() });
  expect(state).toMatchObject({
    kind: 'reword',
    commitmentId: 'listening',
    text: 'We listen to the end.',
    why: 'We interrupt each other.',
  });
});

test('its commitment having gone, the words may become something new', async () => {
  expect((await begun({ again: decided() }, [ON_TIME])).state).toMatchObject({
    kind: 'add',
    commitmentId: null,
    text: 'We listen to the end.',
  });
});

test('somebody’s wording takes the place of what was begun, which can be put back', async () => {
  const changing = laidOver(someProposal({ mine: true }), 'one', NOTHING_KEPT, ME)!;
  const first = await begun({ changing });
  first.state.text = 'My own next words.';
  first.remember();
  await phone.drafts.flushDrafts();
  const suggesting = await begun({ changing, words: 'Theirs.' });
  expect(suggesting.state.text).toBe('Theirs.');
  suggesting.putBack();
  expect(suggesting.state.text).toBe('My own next words.');
});

const OURS = { purpose: 'To learn.', starts_on: '2026-09-01', ends_on: null };

async function about(what: 'purpose' | 'dates') {
  const { Suggesting } = await import('./suggesting.svelte');
  const suggesting = new Suggesting('rowan', [LISTEN], { about: what }, OURS);
  await suggesting.restore();
  return suggesting;
}

test.each([
  ['purpose', {}, 'same'],
  ['purpose', { text: ' ' }, 'no-purpose'],
  ['dates', {}, 'same-dates'],
  ['dates', { endsOn: '2026-08-31' }, 'order'],
] as const)('what the cohort says of itself: %s %o', async (what, change, problem) => {
  const suggesting = await about(what);
  Object.assign(suggesting.state, change);
  expect(await suggesting.send()).toBe(null);
  expect(suggesting.problem).toBe(problem);
});

test('another purpose, and other dates, are kept with what there was', async () => {
  const { proposals } = await import('./proposals.svelte');
  const purpose = await about('purpose');
  expect(purpose.before).toBe('To learn.');
  purpose.state.text = 'To rest.';
  expect(proposals.find((await purpose.send())!)).toMatchObject({
    kind: 'purpose',
    before: 'To learn.',
    text: 'To rest.',
    commitment_id: null,
  });
  const dates = await about('dates');
  dates.state.endsOn = '2027-09-30';
  expect(proposals.find((await dates.send())!)).toMatchObject({
    kind: 'dates',
    text: '',
    starts_on: '2026-09-01',
    ends_on: '2027-09-30',
    started_on: '2026-09-01',
    ended_on: null,
  });
});

test('dates that I suggested are changed as words are: everybody is asked anew', async () => {
  const { proposals } = await import('./proposals.svelte');
  const first = await about('dates');
  first.state.endsOn = '2027-09-30';
  const id = (await first.send())!;
  const { Suggesting } = await import('./suggesting.svelte');
  const changing = new Suggesting('rowan', [], { changing: proposals.find(id) }, OURS);
  await changing.restore();
  expect(changing.state).toMatchObject({ kind: 'dates', endsOn: '2027-09-30', closes: 'keep' });
  changing.state.endsOn = '2027-12-31';
  expect(await changing.send()).toBe(id);
  expect(proposals.find(id)).toMatchObject({ starts_on: '2026-09-01', ends_on: '2027-12-31' });
});
