import { beforeEach, expect, test } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../store/pretend-server';
import { newPhone, settled, signedInTab } from '../../store/pretend-tab';

const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
let hasSignal: boolean;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  hasSignal = true;
  server.faults = [
    ({ path }) => {
      const list = (items: unknown[]) => json(200, { items, next: null });
      if (path === '/api/cohorts') return list([ROWAN]);
      if (!hasSignal) return 'lost request';
      return path.endsWith('/people') ? list([ME, OTHER]) : null;
    },
  ];
  await signedInTab();
  await (await import('../../i18n')).learn(['pulse']);
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
});

async function said(signed: boolean): Promise<string> {
  const { mount } = await import('svelte');
  const { default: LineField } = await import('./LineField.svelte');
  mount(LineField, {
    target: document.body,
    props: { cohortId: 'rowan', note: '', signed, isSettled: false },
  });
  await settled();
  await settled();
  return document.body.textContent!.replace(/\s+/g, ' ');
}

test.each([
  [true, 'with your name'],
  [false, 'without your name'],
])('a line says who reads it, when, and how (signed: %s)', async (signed, how) => {
  expect(await said(signed)).toContain(
    `All 2 people in Rowan can read this line when the check-in closes, ${how}, if five or more have answered.`,
  );
});

test('without the names of the others no number is promised', async () => {
  hasSignal = false;
  expect(await said(true)).toContain('Everyone in Rowan can read this line when the check-in');
});
