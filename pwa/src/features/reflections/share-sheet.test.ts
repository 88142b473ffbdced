import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';

const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
const CLEO = { id: 'cleo', name: 'Cleo' };
const people = [ME, OTHER, CLEO].map((one) => ({ ...one, role: 'participant' }));

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return json(200, { items: [ROWAN], next: null });
      return path.endsWith('/people') ? json(200, { items: people, next: null }) : null;
    },
  ];
  const phone = await signedInTab();
  phone.session.person = ME as typeof phone.session.person;
  await (await import('../../i18n')).learn(['mine']);
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
});

test('the button says with whom: nobody yet, one by name, several by number', async () => {
  const { flushSync, mount } = await import('svelte');
  const { default: ShareSheet } = await import('./ShareSheet.svelte');
  const reflection = { text: '', audience: 'people' as const, cohort_id: 'rowan', shared_with: [] };
  mount(ShareSheet, {
    target: document.body,
    props: { open: true, reflection, onshare: () => undefined },
  });
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  await vi.waitFor(() => expect(boxes()).toHaveLength(2));
  const button = () => document.querySelector<HTMLButtonElement>('footer button')!;
  const said = () => button().textContent!.trim();
  expect([said(), button().disabled]).toEqual(['Choose people', true]);
  boxes()[0]!.click();
  flushSync();
  expect([said(), button().disabled]).toEqual(['Share with Björn', false]);
  boxes()[1]!.click();
  flushSync();
  expect(said()).toBe('Share with 2 people');
});

test('what others are about to read is looked through for patients, what stays mine is not', async () => {
  const { flushSync, mount } = await import('svelte');
  const { default: ShareSheet } = await import('./ShareSheet.svelte');
  const text = 'Mary Jones, NHS 943 476 5919, waited.';
  const reflection = { text, audience: 'me' as const, cohort_id: 'rowan', shared_with: [] };
  mount(ShareSheet, {
    target: document.body,
    props: { open: true, reflection, onshare: () => undefined },
  });
  const choices = () => [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')];
  await vi.waitFor(() => expect(choices()).toHaveLength(3));
  for (const [at, isLooked] of [false, true, true].entries()) {
    choices()[at]!.click();
    flushSync();
    expect(document.body.textContent!.includes('943 476 5919” looks')).toBe(isLooked);
  }
});
