import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const COHORT = { id: 'rowan', name: 'Rowan', my_role: 'facilitator', version: 1 };
const WRONG = 'Write one e-mail address.';

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) =>
      path.endsWith('/by-mail')
        ? json(422, {
            reason: 'invalid',
            errors: { json: { addresses: [WRONG], name: ['A shorter name.'] } },
          })
        : null,
  ];
  const { session } = await signedInTab();
  session.person = ME as typeof session.person;
  await (await import('../../i18n')).learn(['cohorts', 'convening']);
});

const said = () => [...document.querySelectorAll('[role=alert]')].map((one) => one.textContent);

test('what is wrong with a field is said until it is changed, and of the others still', async () => {
  await show((await import('./ByMailSheet.svelte')).default, { open: true, cohort: COHORT });
  document.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(said()).toEqual([WRONG, 'A shorter name.']));
  const box = document.querySelector('textarea')!;
  box.value = 'sam@example.org';
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.waitFor(() => expect(said()).toEqual(['A shorter name.']));
});

test('who made an invitation is not told their own name', async () => {
  const invitation = {
    id: 'i',
    name: 'For the Tuesday group',
    role: 'participant',
    uses: 12,
    used: 0,
    created_at: '2026-11-01T09:00:00Z',
    expires_at: '2099-01-01T00:00:00Z',
    created_by: { id: ME.id, name: ME.name },
  };
  await show((await import('./InvitationRow.svelte')).default, { invitation });
  expect(document.body.textContent).toContain('Made by you, ');
});
