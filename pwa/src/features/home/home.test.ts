import { beforeEach, expect, test, vi } from 'vitest';
import { aCommitment, aContract, aReview, ROWAN } from '../../testing/pretend-contract';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const COHORT = { id: ROWAN, name: 'Rowan', purpose: 'To listen.', my_role: 'participant' };
const JOINED = { id: 'l', happened_at: '2026-11-22T10:00:00Z', kind: 'joined', by: OTHER };
let cohort: object = COHORT;
let contract = aContract({ version: 0 });
let server: PretendServer;

beforeEach(async () => {
  document.body.replaceChildren();
  history.replaceState(null, '', '/cohort');
  newPhone();
  cohort = COHORT;
  server = new PretendServer();
  server.plugIn();
  const list = (items: unknown[]) => json(200, { items, next: null });
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return list([cohort]);
      if (path.endsWith('/people')) return list([ME, OTHER]);
      if (path.endsWith('/contract')) return json(200, contract);
      if (path.endsWith('/activity')) return list([JOINED]);
      return path.includes('/proposals?') ? list([]) : null;
    },
  ];
  await signedInTab();
  await (await import('../../i18n')).learn(['activity', 'cohorts', 'responses']);
});

const up = async () => show((await import('./CohortHome.svelte')).default);
const text = () => document.body.textContent!.replace(/\s+/g, ' ');

test.each([
  [aContract({ version: 0 }), 'Contract Nothing agreed yet'],
  [aContract({ version: 2, commitments: [aCommitment('c', 'We listen.')] }), 'Contract Version 2'],
  [
    aContract({ version: 2, reviews: [aReview()] }),
    'Contract Version 2 · 1 thing to look at together',
  ],
])('a door says in a line what is behind it: %#', async (now, words) => {
  contract = now;
  await up();
  await vi.waitFor(() => expect(text()).toContain(`${words} People 2 of us About`));
});

test('what has happened waits until the doors above it have their lines', async () => {
  const held = server.holdBack(({ path }) => path.endsWith('/contract'));
  await up();
  await held.isAsked;
  const below = () => document.querySelector('section')?.closest('[hidden]');
  await vi.waitFor(() => expect(below()).toBeTruthy());
  held.release();
  await vi.waitFor(() => expect(below()).toBeNull());
  await vi.waitFor(() => expect(text()).toContain('joined'));
});

test.each([
  ['2020-01-12', 'Rowan’s last day was 12 January 2020.'],
  ['2199-01-12', null],
])('of a cohort that ends on %s it says, above what has happened: %s', async (ends_on, words) => {
  cohort = { ...COHORT, ends_on, time_zone: 'Europe/London' };
  await import('../ending/ItsEnd.svelte'); // it is on the phone
  await up();
  await vi.waitFor(() => expect(text()).toContain('joined'));
  const said = /Rowan’s last day was [^.]+\./.exec(text());
  expect(said?.[0] ?? null).toBe(words);
  if (said) expect(said.index).toBeLessThan(text().indexOf('joined'));
});
