import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../../testing/pretend-tab';
import { aCommitment, aContract, aReview, aVersion, ROWAN } from '../../testing/pretend-contract';

const COHORT = { id: ROWAN, name: 'Rowan', my_role: 'participant' };
const PEOPLE = [
  { ...ME, role: 'participant' },
  { ...OTHER, role: 'facilitator' },
  { id: 'chidi', name: 'Chidi', role: 'participant' },
];
const wordings: Record<string, string> = {
  1: 'We listen before we speak.',
  2: 'We listen before we answer.',
};
let now = aContract({ version: 2 });
let server: PretendServer;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  server.plugIn();
  now = aContract({ version: 2 });
  const list = (items: unknown[]) => json(200, { items, next: null });
  server.faults = [
    ({ path }) => {
      const number = path.split('/versions/')[1];
      if (number) {
        const commitments = [aCommitment('c1', wordings[number]!)];
        return json(200, { number: Number(number), made_at: aVersion(1).made_at, commitments });
      }
      if (path.endsWith('/versions')) return list([aVersion(2, { kind: 'reword' }), aVersion(1)]);
      if (path.endsWith('/contract')) return json(200, now);
      if (path.endsWith('/people')) return list(PEOPLE);
      return path.includes('/proposals?') ? list([]) : null;
    },
  ];
  const phone = await signedInTab();
  const { learn } = await import('../../i18n');
  await learn(['cohorts', 'contract', 'unsent']);
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  // Where there is signal it says that it is on its way (unsent/waits.test.ts).
  phone.connection.isReached = false;
});

/** Put a screen up before anything of the contract is known, as a cold start does. */
async function up(screen: Component<any>, props: object): Promise<void> {
  // Each test opens the app afresh, and Svelte with it.
  const { mount, tick } = await import('svelte');
  mount(screen, { target: document.body, props });
  const { contractOf } = await import('./contract.svelte');
  await contractOf(ROWAN).load();
  await settled();
  await tick();
}

const contract = async () => (await import('./contract.svelte')).contractOf(ROWAN);
const text = () => document.body.textContent!.replace(/\s+/g, ' ');

test('versions that arrive after the screen are shown on it', async () => {
  const { default: VersionList } = await import('./VersionList.svelte');
  await up(VersionList, { contract: await contract() });
  expect([...document.querySelectorAll('del')].map((one) => one.textContent)).toEqual([
    '(taken out: speak)',
  ]);
  expect(document.querySelector('ins')!.textContent).toBe('(put in: answer)');
  expect(text()).toContain('We listen before we speak.');
});

test('two versions are compared as soon as both are here', async () => {
  const { default: CompareVersions } = await import('./CompareVersions.svelte');
  await up(CompareVersions, { contract: await contract(), pair: [1, 2] });
  expect(text()).toContain('1 commitment differs.');
  expect(text()).toContain('Reworded');
});

test('a past version is read, not changed', async () => {
  const { default: OneVersion } = await import('./OneVersion.svelte');
  await up(OneVersion, { contract: await contract(), number: 1 });
  expect(document.querySelector('h2')!.textContent).toBe('We listen before we speak.');
  expect(document.querySelector('a[href*="suggest"]')).toBeNull();
});

test('the contract: what, why, and where to suggest a change', async () => {
  const { default: OurContract } = await import('./OurContract.svelte');
  await up(OurContract, { cohort: COHORT });
  expect(text()).toContain('Nobody is heard in a hurry.');
  const links = [...document.querySelectorAll('a')].map((one) => one.getAttribute('href'));
  expect(links).toEqual(
    expect.arrayContaining([
      '/cohort/contract/suggest',
      '/cohort/contract/suggest?commitment=c1',
      '/cohort/contract/history',
      '/cohort/contract/pulse',
    ]),
  );
});

test('having looked at something again takes one question, says that it waits, and can be taken back', async () => {
  now = aContract({ version: 2, reviews: [aReview({ text: 'And silence?' })] });
  const { default: OurContract } = await import('./OurContract.svelte');
  await up(OurContract, { cohort: COHORT });
  expect(text()).toContain('And silence?');
  const button = (within: ParentNode) =>
    [...within.querySelectorAll('button')].find((one) => /have looked/.test(one.textContent!))!;
  button(document).click();
  await settled();
  button(document.querySelector('dialog[open]')!).click();
  await vi.waitFor(() => expect(text()).toContain('You said that we have looked at this.'));
  expect(text()).toContain('Kept on this phone, sent when there is signal.');
  expect([...document.querySelectorAll('article button')].map((one) => one.textContent)).toEqual([
    expect.stringContaining('take it back'),
  ]);
  document.querySelector<HTMLButtonElement>('article button')!.click();
  await vi.waitFor(() => expect(text()).not.toContain('You said that we have looked at this.'));
  expect(text()).toContain('And silence?');
});

test('what another ended says who did, and its asker alone can open it again', async () => {
  const { session } = await import('../../store/session.svelte');
  session.person = ME as typeof session.person;
  const ended = { ended_at: '2026-11-21T09:00:00Z', ended_by: OTHER };
  now = aContract({
    version: 2,
    reviews: [
      aReview({ id: 'r1', by: ME, text: 'And silence?', ...ended }),
      aReview({ id: 'r2', by: OTHER, text: 'And rest?', ...ended, ended_by: ME }),
    ],
  });
  const { default: Reviews } = await import('./Reviews.svelte');
  await up(Reviews, { contract: await contract() });
  expect(text()).toContain('Björn says we have looked at this.');
  expect(text()).toContain('You said that we have looked at this.');
  const buttons = [...document.querySelectorAll('button')].filter((one) =>
    /open it again/.test(one.textContent!),
  );
  expect(buttons).toHaveLength(1);
  expect(text()).toContain('If we have not, Björn can open it again within two weeks.');
  server.faults.unshift(({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/r1/reopening')) return null;
    now = aContract({ version: 2, reviews: [aReview({ id: 'r1', by: ME, text: 'And silence?' })] });
    return json(200, now.reviews[0]);
  });
  buttons[0]!.click();
  await settled();
  await settled();
  expect(text()).not.toContain('says we have looked');
  expect(text()).toContain('And silence?');
});

test('what its asker opened again is ended by nobody else', async () => {
  now = aContract({
    version: 2,
    reviews: [aReview({ by: OTHER, reopened_at: '2026-11-21T09:00:00Z' })],
  });
  const { default: Reviews } = await import('./Reviews.svelte');
  await up(Reviews, { contract: await contract() });
  expect(text()).toContain(
    'Björn opened this again; from now on only Björn can say that we have looked at it.',
  );
  const ending = [...document.querySelectorAll('section button')];
  expect(ending.filter((one) => /have looked/.test(one.textContent!))).toEqual([]);
});

test('another way to decide is suggested to all, not set; fewer than half cannot be', async () => {
  const { session } = await import('../../store/session.svelte');
  session.person = ME as typeof session.person;
  now = aContract({ version: 2 });
  const { default: OurContract } = await import('./OurContract.svelte');
  await up(OurContract, { cohort: COHORT });
  const button = (words: RegExp, within: ParentNode = document) =>
    [...within.querySelectorAll('button')].find((one) => words.test(one.textContent!))!;
  button(/another way to decide/).click();
  await settled();
  const sheet = document.querySelector('dialog[open]')!;
  await settled();
  const write = async (number: string) => {
    const field = sheet.querySelector('input[inputmode]') as HTMLInputElement;
    field.value = number;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    sheet.querySelector('form')!.dispatchEvent(new SubmitEvent('submit', { cancelable: true }));
  };
  await vi.waitFor(() =>
    expect(sheet.textContent).toContain(
      'All 3 people in Rowan will see this, the facilitator among',
    ),
  );
  await write('1');
  await vi.waitFor(() => expect(sheet.textContent).toContain('at least 7'));
  await write('10');
  const living = await contract();
  await vi.waitFor(() => expect(living.proposals).toHaveLength(1));
  expect(living.proposals[0]).toMatchObject({ kind: 'decide', wanted_answers: 10, text: '' });
  await vi.waitFor(() => expect(text()).toContain('At least 10 of us need to have answered'));
});

test('a sheet that was only looked at leaves no text begun behind', async () => {
  const { default: LookAgainSheet } = await import('./LookAgainSheet.svelte');
  await up(LookAgainSheet, { open: true, contract: await contract(), cohort: COHORT });
  await settled();
  document.querySelector<HTMLDialogElement>('dialog')!.close();
  await settled();
  const { session } = await import('../../store/session.svelte');
  const { flushDrafts } = await import('../../store/drafts');
  await flushDrafts();
  expect(await session.phone.db.count('drafts')).toBe(0);
});
