import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

/** A notice, or a mail, leads to a cohort that need not be the one chosen last, nor one that this phone knows. */
const cohort = (id: string, name: string) => ({ id, name, purpose: '', my_role: 'participant' });
const rowan = cohort('rowan', 'Rowan');
const alder = cohort('alder', 'Alder');
let mine: unknown[];
let server: PretendServer;

beforeEach(async () => {
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
  mine = [rowan, alder];
  newPhone();
  server = new PretendServer();
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return json(200, { items: mine, next: null });
      return path.endsWith('/people') ? json(200, { items: [], next: null }) : null;
    },
  ];
  server.plugIn();
  await signedInTab();
  await (await import('../../i18n')).learn(['cohorts', 'facilitating']);
});

async function opened(at: string) {
  const { router } = await import('../../core/router.svelte');
  const { cohorts } = await import('../cohorts/cohorts.svelte');
  router.go(at);
  return { router, cohorts };
}

const up = async () => show((await import('./People.svelte')).default);
const text = () => document.body.textContent!.replace(/\s+/g, ' ');

test('the cohort of the address goes before the one chosen last, which comes back without it', async () => {
  const { router, cohorts } = await opened('/cohort?cohort=alder');
  await cohorts.choose('rowan');
  await cohorts.load();
  expect(cohorts.current?.id).toBe('alder');
  router.go('/cohort');
  expect(cohorts.current?.id).toBe('rowan');
});

test('the cohort of the address is the one chosen from then on, also one that is heard of later', async () => {
  mine = [rowan];
  const { router, cohorts } = await opened('/?reminder=r&cohort=alder');
  (await import('../notices/begin.svelte')).begin();
  await cohorts.load();
  await settled();
  expect(cohorts.current?.id).toBe('rowan');
  mine = [rowan, alder];
  await cohorts.reload();
  await settled();
  router.go('/');
  expect(cohorts.current?.id).toBe('alder');
});

test('no other cohort is shown in the place of one that this phone has yet to hear of', async () => {
  mine = [rowan];
  const { cohorts } = await opened('/cohort/people?cohort=alder');
  await cohorts.load();
  mine = [rowan, alder];
  const held = server.holdBack(({ path }) => path === '/api/cohorts');
  await up();
  await held.isAsked;
  expect(text()).not.toContain('Rowan');
  held.release();
  await vi.waitFor(() => expect(text()).toContain('Alder'));
});

test('nor without signal', async () => {
  mine = [rowan];
  const { cohorts } = await opened('/cohort/people?cohort=alder');
  await cohorts.load();
  server.faults.unshift(() => {
    throw new TypeError('no signal');
  });
  await up();
  await vi.waitFor(() => expect(text()).toContain('will show once there is signal'));
  expect(text()).not.toContain('Rowan');
});

test('a cohort that is not mine, or not any more, gives way to mine', async () => {
  await opened('/cohort/people?cohort=beech');
  await up();
  await vi.waitFor(() => expect(text()).toContain('Rowan'));
});

test('whoever chooses another one leaves the one of the address', async () => {
  const { cohorts } = await opened('/cohort?cohort=alder');
  await cohorts.load();
  const { default: CohortChooser } = await import('../cohorts/CohortChooser.svelte');
  await show(CohortChooser, { current: cohorts.current });
  document.querySelector('button')!.click();
  await settled();
  document.querySelector<HTMLInputElement>('input[value=rowan]')!.click();
  await vi.waitFor(() => expect(cohorts.current?.id).toBe('rowan'));
  expect(location.search).toBe('');
});
