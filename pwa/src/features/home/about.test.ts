import { expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', purpose: 'To listen.' };

test.each([
  ['facilitator', true],
  ['participant', false],
])('the place of who facilitates is kept until they are known (%s)', async (role, isThere) => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return json(200, { items: [ROWAN], next: null });
      const items = [ME, { ...OTHER, role }];
      return path.endsWith('/people') ? json(200, { items, next: null }) : null;
    },
  ];
  const held = server.holdBack(({ path }) => path.endsWith('/people'));
  await signedInTab();
  await (await import('../../i18n')).learn(['cohorts', 'facilitating']);
  await show((await import('./AboutCohort.svelte')).default, { cohort: ROWAN });
  const isPlace = () => document.body.textContent!.includes('Facilitators');
  await held.isAsked;
  expect(isPlace()).toBe(true);
  held.release();
  const { cohorts } = await import('../cohorts/cohorts.svelte');
  await vi.waitFor(() => expect(cohorts.people(ROWAN.id).value).not.toBeNull());
  await vi.waitFor(() => expect(isPlace()).toBe(isThere));
  expect(document.body.textContent!.includes(OTHER.name)).toBe(isThere);
});
