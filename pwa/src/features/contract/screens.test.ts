import type { Component } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../store/pretend-server';
import { newPhone, settled, signedInTab } from '../../store/pretend-tab';
import { aCommitment, aContract, aReview, aVersion, ROWAN } from './pretend-contract';

const COHORT = { id: ROWAN, name: 'Rowan', my_role: 'participant' };
const wordings: Record<string, string> = {
  1: 'We listen before we speak.',
  2: 'We listen before we answer.',
};
let now = aContract({ version: 2 });

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
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
      return path.endsWith('/proposals') || path.endsWith('/people') ? list([]) : null;
    },
  ];
  const phone = await signedInTab();
  const { learn } = await import('../../i18n');
  await learn(['cohorts', 'contract']);
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
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

test('having looked at something again takes one question and goes at once', async () => {
  now = aContract({ version: 2, reviews: [aReview({ text: 'And silence?' })] });
  const { default: OurContract } = await import('./OurContract.svelte');
  await up(OurContract, { cohort: COHORT });
  expect(text()).toContain('And silence?');
  const button = (within: ParentNode) =>
    [...within.querySelectorAll('button')].find((one) => /have looked/.test(one.textContent!))!;
  button(document).click();
  await settled();
  button(document.querySelector('dialog[open]')!).click();
  await settled();
  expect(text()).not.toContain('And silence?');
});

test('another way to decide is suggested to all, not set; fewer than half cannot be', async () => {
  now = aContract({ version: 2 });
  const { default: OurContract } = await import('./OurContract.svelte');
  await up(OurContract, { cohort: COHORT });
  const button = (words: RegExp, within: ParentNode = document) =>
    [...within.querySelectorAll('button')].find((one) => words.test(one.textContent!))!;
  button(/another way to decide/).click();
  await settled();
  const sheet = document.querySelector('dialog[open]')!;
  const write = async (number: string) => {
    const field = sheet.querySelector('input[inputmode]') as HTMLInputElement;
    field.value = number;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    sheet.querySelector('form')!.dispatchEvent(new SubmitEvent('submit', { cancelable: true }));
    await settled();
  };
  await write('1');
  expect(sheet.textContent).toContain('at least 7');
  await write('10');
  const { proposals } = await contract();
  expect(proposals).toHaveLength(1);
  expect(proposals[0]).toMatchObject({ kind: 'decide', wanted_answers: 10, text: '' });
  expect(text()).toContain('At least 10 of us need to have answered');
});
