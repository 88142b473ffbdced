import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer, refusal } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const COHORT = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
const ONE = {
  id: '0192cccc-0000-7000-8000-000000000010',
  cohort_id: 'rowan',
  about: 'contract',
  weekdays: [1],
  at: '09:00',
  every_weeks: 1,
  starts_on: '2026-11-01',
  ends_on: null,
};
/** As another has set it meanwhile. */
const THEIRS = { ...ONE, at: '10:00', version: 2 };

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  server.plugIn();
  let stands: object = THEIRS;
  server.faults = [
    ({ method, headers, path, body }) => {
      if (path.endsWith('/rowan/reminders')) return json(200, { items: [stands], next: null });
      if (method !== 'PUT') return null;
      if (headers['If-Match'] === '"1"')
        return refusal(412, 'changed_elsewhere', { current: THEIRS });
      stands = { ...ONE, ...body, version: 3 };
      return json(200, stands);
    },
  ];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  await (await import('../../i18n')).learn(['reminders']);
  const { items, session, outbox } = phone;
  await items.writeItem(session.phone, 'reminders', ONE.id, { ...ONE, at: '11:00' }, 1);
  await outbox.drain(true);
});

const button = (name: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent!.trim() === name);

test.each([
  ['What is on this screen', '11:00'],
  ['The other: Tuesday at 10:00', '10:00'],
])('of two that were set one is chosen: %s', async (choice, at) => {
  await show((await import('./CohortReminders.svelte')).default, { cohort: COHORT });
  await vi.waitFor(() => expect(document.body.textContent).toContain('Which one should stay?'));
  button(choice)!.click();
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('Which one should stay?'));
  await phone.outbox.drain(true);
  await settled();
  expect(document.body.textContent).toContain(`Tuesday at ${at}`);
  expect(document.body.textContent).not.toContain('changed elsewhere too');
  expect(await phone.session.phone.db.count('outbox')).toBe(0);
});
