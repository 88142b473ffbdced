import { beforeEach, expect, test, vi } from 'vitest';
import type { Component } from 'svelte';
import type { CheckInAnswerIn, CheckInOut } from '../../api/shapes';
import { json, PretendServer, refusal, type Seen } from '../../testing/pretend-server';
import { drained as sent, newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';

const COHORT = { id: 'rowan', name: 'Rowan', my_role: 'member' };
const ANSWER: CheckInAnswerIn = { word: 'patchy', note: '', signed: false, wants_to_talk: false };
let server: PretendServer;
let listed: CheckInOut[];
let answers: (seen: Seen) => Response | 'lost request';
let tab: Tab;

const checkIn = (change: Partial<CheckInOut> = {}): CheckInOut => ({
  id: 'one',
  cohort_id: 'rowan',
  commitment: { id: 'c', text: 'We listen to the end' },
  opened_at: '2026-11-20T10:00:00Z',
  closes_at: '2099-01-01T00:00:00Z',
  closed_at: null,
  is_open: true,
  is_for_me: true,
  my_answer: null,
  ...change,
});

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  server.plugIn();
  listed = [checkIn()];
  answers = ({ body }) => json(200, checkIn({ my_answer: body as unknown as CheckInAnswerIn }));
  server.faults = [
    (seen) => {
      const { path } = seen;
      if (path.endsWith('/answer')) return answers(seen);
      if (path === '/api/cohorts') return json(200, { items: [COHORT], next: null });
      if (path.endsWith('/check-ins')) return json(200, { items: listed, next: null });
      return path === '/api/check-ins/one' ? json(200, listed[0]) : null;
    },
  ];
  tab = await signedInTab();
});

const store = async () => (await import('./check-ins.svelte')).checkIns;
const drained = () => sent(tab);

test('an answer is mine at once, and stays so once it was sent', async () => {
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  const checkIns = await store();
  await checkIns.loadOf('rowan');
  expect(checkIns.open('rowan').map((one) => checkIns.mine(one))).toEqual([null]);
  await checkIns.answer('one', { ...ANSWER, note: '  We rushed. ' });
  expect(checkIns.mine(checkIn())).toMatchObject({
    word: 'patchy',
    note: 'We rushed.',
    state: 'waiting',
  });
  await drained();
  await vi.waitFor(() => expect(checkIns.mine(checkIn())).toMatchObject({ state: 'safe' }));
  expect(server.writes().at(-1)!.body).toEqual({ ...ANSWER, note: 'We rushed.' });
  expect(server.writes().at(-1)!.headers).not.toHaveProperty('If-None-Match');
});

test('what another phone of mine answered later is what shows', async () => {
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  const checkIns = await store();
  await checkIns.answer('one', ANSWER);
  await drained();
  listed = [checkIn({ my_answer: { ...ANSWER, word: 'drifted' } })];
  await vi.waitFor(() => expect(checkIns.mine(listed[0]!)).toMatchObject({ word: 'patchy' }));
  await checkIns.loadOf('rowan');
  expect(checkIns.mine(listed[0]!)).toMatchObject({ word: 'drifted' });
});

test('once it has closed only the phone still knows', async () => {
  const checkIns = await store();
  await checkIns.answer('one', ANSWER);
  await drained();
  listed = [checkIn({ is_open: false, closed_at: '2026-11-22T10:00:00Z' })];
  await checkIns.loadOne('one');
  expect(checkIns.find('one')).toMatchObject({ is_open: false });
  expect(checkIns.mine(listed[0]!)).toMatchObject({ word: 'patchy', state: 'safe' });
});

async function shows(words: RegExp): Promise<string> {
  const { mount } = await import('svelte');
  const { default: Screen } = (await import('./CheckIn.svelte')) as { default: Component<any> };
  const { learn } = await import('../../i18n');
  await learn(['feedback', 'feedback_lines', 'mine', 'pulse', 'unsent']);
  mount(Screen, { target: document.body, props: { id: 'one' } });
  await vi.waitFor(() => expect(document.body.textContent).toMatch(words));
  return document.body.textContent!;
}

test('there is no line to write before it is chosen whether it is signed', async () => {
  await shows(/We listen to the end.*Nobody sees who chose.*With my name.*Without my name/s);
  expect(document.querySelector('textarea')).toBeNull();
  const [withName] = [...document.querySelectorAll('label')].filter((label) =>
    /^\s*With my name/.test(label.textContent!),
  );
  withName!.querySelector('input')!.click();
  await vi.waitFor(() => expect(document.querySelector('textarea')).not.toBeNull());
});

test.each([
  ['closed', ANSWER, /It closed before this reached us.*We rushed\./s],
  ['signed_stays', ANSWER, /you chose to answer with your name.*Send with my name/s],
  ['signed_stays', { ...ANSWER, signed: true }, /without your name.*Send without my name/s],
  ['other', ANSWER, /could not be sent.*A sentence about other\..*Try again/s],
])('a refusal (%s) keeps the words and says what to do', async (reason, said, words) => {
  answers = () => refusal(409, reason);
  const checkIns = await store();
  await checkIns.answer('one', { ...said, note: 'We rushed.' });
  await drained();
  await shows(words);
  expect(document.body.textContent).toContain('We rushed.');
});

test('sent as it was chosen the first time, when its author says so', async () => {
  answers = ({ body }) =>
    body!.signed ? json(200, checkIn({ my_answer: body as never })) : refusal(409, 'signed_stays');
  const checkIns = await store();
  await checkIns.answer('one', { ...ANSWER, note: 'We rushed.' });
  await drained();
  await shows(/Send with my name/);
  [...document.querySelectorAll('button')]
    .find((one) => /Send with/.test(one.textContent!))!
    .click();
  await vi.waitFor(() =>
    expect(document.body.textContent).toMatch(/Your answer.*With your name\./s),
  );
  await drained();
  expect(server.writes().at(-1)!.body).toMatchObject({ signed: true, note: 'We rushed.' });
});

test('the word chosen on Today goes with me to where I say more, and not in an address', async () => {
  vi.spyOn(tab.connection, 'hasNew').mockImplementation(() => {});
  const { flushSync, mount, unmount } = await import('svelte');
  await (await import('../../i18n')).learn(['pulse']);
  const [{ default: CheckInCard }, { default: CheckIn }, checkIns] = await Promise.all([
    import('./CheckInCard.svelte'),
    import('./CheckIn.svelte'),
    store(),
  ]);
  await checkIns.loadOf('rowan');
  const target = document.body;
  const chosen = () => document.querySelector<HTMLInputElement>('input[type=radio]:checked');

  const card = mount(CheckInCard, { target, props: { cohortId: 'rowan' } });
  await vi.waitFor(() => expect(document.querySelector('input[value=patchy]')).not.toBeNull());
  document.querySelector<HTMLInputElement>('input[value=patchy]')!.click();
  flushSync();
  const more = document.querySelector<HTMLAnchorElement>('a')!;
  expect(more.getAttribute('href')).toBe('/cohort/contract/check-ins/one');
  more.addEventListener('click', (event) => event.preventDefault());
  more.click();
  await unmount(card);

  const whole = mount(CheckIn, { target, props: { id: 'one' } });
  await vi.waitFor(() => expect(chosen()?.value).toBe('patchy'));
  await unmount(whole);

  mount(CheckIn, { target, props: { id: 'one' } });
  await vi.waitFor(() => expect(document.querySelector('input[type=radio]')).not.toBeNull());
  expect(chosen()).toBeNull();
});
