import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import type { CohortOut, ProposalOut } from '../../api/shapes';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';
import { CLEO, somePosition, someProposal, someRemark } from '../../testing/some-proposal';
import { show, takeDown } from '../../testing/screen';

const COHORT = { id: 'rowan', name: 'Rowan', my_role: 'participant' } as CohortOut;
let there: ProposalOut[];
let hasSignal: boolean;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  there = [];
  hasSignal = true;
  server.faults = [
    ({ path }) => {
      if (!hasSignal) return 'lost request';
      if (path === '/api/cohorts') return json(200, { items: [COHORT], next: null });
      if (path.endsWith('/people')) return json(200, { items: [ME, OTHER, CLEO], next: null });
      if (path.includes('state=')) return json(200, { items: there, next: null });
      if (path.includes('/remarks'))
        return path.includes('after=one')
          ? json(200, { items: [someRemark({ id: 'b', text: 'B.' })], next: 'two' })
          : json(200, { items: [someRemark({ id: 'a', text: 'A.' })], next: null });
      const one = there.find(({ id }) => path === `/api/proposals/${id}`);
      return one ? json(200, one) : null;
    },
  ];
  const phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

async function put<Props extends Record<string, unknown>>(
  screen: () => Promise<{ default: Component<Props> }>,
  props: Props,
): Promise<void> {
  const [{ default: Screen }, { learn }] = await Promise.all([screen(), import('../../i18n')]);
  await learn(['cohorts', 'proposals']);
  await show(Screen, props);
}

async function shown(proposal: ProposalOut): Promise<string> {
  there = [proposal];
  await put(() => import('./OneProposal.svelte'), { id: proposal.id });
  await vi.waitFor(() => expect(document.querySelector('[aria-label]')).toBeTruthy());
  return said();
}

const said = () => document.body.textContent!.replace(/\s+/g, ' ');
const isLinkTo = (href: string) => document.querySelector(`a[href="${href}"]`) !== null;

test('before I answer there are numbers and no names', async () => {
  const words = await shown(someProposal({ answered: 2 }));
  expect(words).toContain('2 of the 3 answers needed are here.');
  expect(words).toContain('Where do you stand?');
  expect(words).not.toContain('Where people stand');
  expect(document.querySelectorAll('input[type=radio]')).toHaveLength(4);
});

test('once I have answered: what needs talking about by name, the others as a number', async () => {
  const positions = [
    somePosition(),
    somePosition({ person: CLEO, position: 'object', text: 'Not yet.', is_current: false }),
  ];
  const change = { answered: 4, unnamed: 3, my_position: somePosition(), positions };
  const words = await shown(someProposal(change));
  expect(words).toContain('Cleo objected to the earlier words and has not answered these.');
  expect(words).toContain('3 others answered with consent or by standing aside.');
  expect(words).toContain('said to the earlier words');
});

test('one that never came to this phone is not said to be there in a moment without signal', async () => {
  hasSignal = false;
  await put(() => import('./OneProposal.svelte'), { id: someProposal().id });
  await vi.waitFor(() => expect(said()).toContain('will show once there is signal'));
  expect(said()).not.toContain('One moment');
});

test('with no concern but mine, the number of the others stands alone and no empty list above it', async () => {
  const { session } = await import('../../store/session.svelte');
  session.person = ME as typeof session.person;
  const mine = somePosition({ position: 'concern', text: 'Mondays.' });
  const change = { answered: 4, unnamed: 3, my_position: mine, positions: [mine] };
  expect(await shown(someProposal(change))).toContain('3 others answered with consent');
  const lists = [...document.querySelectorAll('ul')];
  expect(lists.filter((list) => list.children.length === 0)).toEqual([]);
});

test('an objection to earlier words returns it, and it says so', async () => {
  const stands = { position: 'object', text: 'Not yet.', is_current: false } as const;
  const positions = [somePosition({ person: CLEO, ...stands })];
  const words = await shown(someProposal({ state: 'returned', version: 2, positions }));
  expect(words).toContain('An objection to the earlier words still stood');
  expect(words.split('Not yet.')).toHaveLength(2);
});

test('a change of how we decide says what would hold, and what did', async () => {
  const rule = { kind: 'decide', text: '', before: null, commitment_id: null } as const;
  const words = await shown(someProposal({ ...rule, wanted_answers: 4 }));
  expect(words).toContain('At least 4 of us need to have answered.');
  expect(words).toContain('When this was suggested: Half of us');
});

const OF_US = { commitment_id: null, before: null } as const;

test('another purpose is shown word by word', async () => {
  const purpose = { ...OF_US, kind: 'purpose', text: 'To learn and to rest.' } as const;
  const words = await shown(someProposal({ ...purpose, before: 'To learn.' }));
  expect(document.querySelector('ins')?.textContent).toContain('and to rest');
  expect(words).toContain('What we are here for');
});

test('other dates are shown with those there were, and can be changed by who suggests them', async () => {
  const dates = { ...OF_US, kind: 'dates', text: '', ended_on: '2027-08-31' } as const;
  const said = await shown(someProposal({ ...dates, ends_on: '2027-12-31', mine: true }));
  expect(said).toContain('Until 31 December 2027');
  expect(said).toContain('When this was suggested: Until 31 August 2027');
  expect(said).toContain('Change the dates');
});

test.each([
  ['purpose', 'this is what we are here for from now on'],
  ['dates', 'these are our dates from now on'],
] as const)('adopted, %s is read in About', async (kind, sentence) => {
  const change = { kind, state: 'adopted', commitment_id: null } as const;
  expect(await shown(someProposal({ ...change, positions: [] }))).toContain(sentence);
  expect(isLinkTo('/cohort/about')).toBe(true);
});

test('returned: the objection first, with thanks, and the way to suggest it again', async () => {
  const positions = [
    somePosition({ person: OTHER }),
    somePosition({ person: CLEO, position: 'object', text: 'Not yet.', safe_if: 'we ask first.' }),
  ];
  const words = await shown(
    someProposal({ state: 'returned', version: 2, closed_at: '2026-11-21T10:00:00Z', positions }),
  );
  expect(words).toContain('Returned to Björn, with thanks.');
  expect(words.indexOf('Not yet.')).toBeLessThan(words.indexOf('Björn consents'));
  expect(words.split('Not yet.')).toHaveLength(2);
  expect(words).toContain('Safe enough to try if we ask first.');
  expect(isLinkTo('/cohort/contract/suggest?again=one')).toBe(true);
  expect(document.querySelectorAll('input[type=radio]')).toHaveLength(0);
});

test.each([
  [
    { state: 'unanswered', answered: 2, needed: 3 },
    '2 of the 3 answers needed came. Silence is not consent',
  ],
  [{ state: 'overtaken' }, 'The commitment changed in another way meanwhile'],
] as const)('%o is said in words, and can be suggested again', async (change, sentence) => {
  expect(await shown(someProposal({ ...change, positions: [] }))).toContain(sentence);
  expect(isLinkTo('/cohort/contract/suggest?again=one')).toBe(true);
});

test('adopted leads to the contract', async () => {
  const words = await shown(someProposal({ state: 'adopted', adopted_as: 4, positions: [] }));
  expect(words).toContain('Adopted as version 4 of our contract.');
  expect(isLinkTo('/cohort/contract')).toBe(true);
});

test('only the proposer may use another wording', async () => {
  const href = (id: string) => `/cohort/contract/suggest?change=${id}&words=remark`;
  await shown(someProposal({ id: 'theirs', remarks: [someRemark()] }));
  expect(isLinkTo(href('theirs'))).toBe(false);
  await takeDown();
  await shown(someProposal({ id: 'mine', mine: true, proposer: ME, remarks: [someRemark()] }));
  await vi.waitFor(() => expect(isLinkTo(href('mine'))).toBe(true));
});

test('while it is counted nothing can be said any more', async () => {
  const words = await shown(someProposal({ is_closing: true }));
  expect(words).toContain('its time is over, and it is being counted');
  expect(words).not.toContain('Give my answer');
  expect(words).not.toContain('Decide now');
});

test('Today: at most three, those I have not answered, and not my own', async () => {
  const four = ['1', '2', '3', '4'].map((id) => someProposal({ id }));
  const answered = someProposal({ id: '5', my_position: somePosition() });
  there = [...four, answered, someProposal({ id: '6', mine: true, proposer: ME })];
  await put(() => import('./ProposalsToConsider.svelte'), { cohort: COHORT });
  // Whoever says on Today that it waits has asked for it.
  await (await import('./proposals.svelte')).proposals.load(COHORT.id);
  await vi.waitFor(() => expect(document.querySelectorAll('li')).toHaveLength(3));
  expect(said()).toContain('Björn suggests a change to our contract, closes on 1 January 2099');
  expect(said()).toContain('See the contract');
});

test('earlier remarks are read a page at a time, and stand before the newer ones', async () => {
  const newest = someRemark({ id: 'c', text: 'C.', kind: 'question' });
  await shown(someProposal({ text: '', remarks: [newest], earlier_remarks: 'one' }));
  const more = () =>
    [...document.querySelectorAll('button')].find((one) => /earlier/.test(one.textContent!));
  more()!.click();
  await vi.waitFor(() => expect(said()).toContain('B.'));
  more()!.click();
  await vi.waitFor(() => expect(said()).toMatch(/A\..*B\..*C\./));
  expect(more()).toBeUndefined();
  expect(said()).toContain('Once it is decided they stay as they are');
});

test('after new words my earlier answer stands there, chosen and in my words, to be given again', async () => {
  const earlier = { position: 'object' as const, text: 'Too long.', is_current: false };
  await shown(someProposal({ text_version: 2, my_position: somePosition(earlier) }));
  await vi.waitFor(() =>
    expect(document.querySelector<HTMLInputElement>('input[value=object]')?.checked).toBe(true),
  );
  const [reason] = document.querySelectorAll('textarea');
  expect(reason!.value).toBe('Too long.');
  expect(said()).toContain('You object. (said to the earlier words) Too long.');
});

test('what I only consented to is said and chosen too', async () => {
  await shown(someProposal({ text_version: 2, my_position: somePosition({ is_current: false }) }));
  await vi.waitFor(() =>
    expect(document.querySelector<HTMLInputElement>('input[value=consent]')?.checked).toBe(true),
  );
  expect(said()).toContain('You consent. (said to the earlier words)');
});
