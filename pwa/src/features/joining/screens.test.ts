import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { InvitationWelcome } from '../../api/shapes';
import { PretendServer } from '../../testing/pretend-server';
import { newPhone, tab } from '../../testing/pretend-tab';

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  new PretendServer().plugIn();
  await tab();
  await (await import('../../i18n')).learn(['joining']);
});

afterEach(() => void vi.useRealTimers());

test('whoever says who they are reads who will see it, before they join', async () => {
  const { mount } = await import('svelte');
  const { default: WhoIAm } = await import('./WhoIAm.svelte');
  const { Joining } = await import('./joining.svelte');
  const joining = new Joining('TOKEN');
  joining.welcome = { cohort: { id: 'c', name: 'Rowan' } } as unknown as typeof joining.welcome;
  mount(WhoIAm, { target: document.body, props: { joining } });
  expect(document.body.textContent).toContain(
    'Everyone in Rowan will see your name and what matters to you, the facilitators among them.',
  );
});

test.each([
  [null, 'Morag'],
  ['2026-03-03T10:14:00', 'Morag (called so since 3 March 2026, 10:14)'],
])('who invites is told apart where somebody else is called so (%s)', async (since, name) => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-01-01T09:00:00Z') });
  const { mount } = await import('svelte');
  const { default: Welcome } = await import('./Welcome.svelte');
  const welcome = {
    cohort: { name: 'Rowan', purpose: '', starts_on: null, ends_on: null },
    invited_by: 'Morag',
    called_since: since,
    role: 'participant' as const,
    expires_at: '2027-01-08T09:00:00Z',
    people: 14,
    facilitator_can: [],
    facilitator_cannot: [],
  };
  mount(Welcome, { target: document.body, props: { welcome, contract: null } });
  expect(document.querySelector('header p')?.textContent?.trim()).toBe(`${name} invites you to`);
});

test.each([
  ['facilitator', true],
  ['participant', false],
])('what an invitation for a %s does is said before it is accepted', async (role, isSaid) => {
  const { mount } = await import('svelte');
  const { default: Welcome } = await import('./Welcome.svelte');
  const welcome = {
    cohort: { name: 'Rowan', purpose: '', starts_on: null, ends_on: null },
    invited_by: 'Morag',
    role,
    people: 14,
    facilitator_can: [],
    facilitator_cannot: [],
  } as unknown as InvitationWelcome;
  mount(Welcome, { target: document.body, props: { welcome, contract: null } });
  const sentence =
    'This link is for one person: whoever accepts it becomes a facilitator of Rowan, even if they are in it already. Everyone in Rowan sees a line that says so.';
  expect(document.body.textContent?.includes(sentence)).toBe(isSaid);
});
