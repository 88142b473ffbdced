import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer, refusal } from '../../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const ID = '0192ffff-0000-7000-8000-000000000001';
let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.faults = [
    ({ path }) => {
      if (path.startsWith(`/api/reflections/${ID}`)) return refusal(404, 'not_found');
      return path.startsWith('/api/cohorts') ? json(200, { items: [], next: null }) : null;
    },
  ];
  server.plugIn();
  phone = await signedInTab();
});

test('a response that was begun to what was taken back since comes to light there', async () => {
  const draft = new phone.drafts.Draft(`response/${ID}`);
  draft.save({ kind: 'curious', text: 'What did you do then?' });
  await draft.flush();
  const { learn } = await import('../../i18n');
  await learn(['activity', 'unsent']);
  const { default: SharedReflection } = await import('./SharedReflection.svelte');
  await show(SharedReflection, { id: ID });
  await vi.waitFor(() =>
    expect(document.body.textContent).toMatch(/You had begun to write.*What did you do then\?/s),
  );
  const buttons = [...document.querySelectorAll('button')];
  buttons.find((one) => one.textContent!.trim() === 'Delete it')!.click();
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('What did you do then?'));
  expect(await phone.session.phone.db.count('drafts')).toBe(0);
});
