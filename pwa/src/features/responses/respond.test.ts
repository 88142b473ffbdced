import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const REFLECTION = '0192ffff-0000-7000-8000-000000000001';
let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.faults = [
    ({ method, path }) =>
      method === 'GET' && path.endsWith('/responses') ? json(200, { items: [], next: null }) : null,
  ];
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

async function shown() {
  const { learn } = await import('../../i18n');
  await learn(['responses', 'mine', 'unsent']);
  const { Responses } = await import('./responses.svelte');
  const { default: ResponseList } = await import('./ResponseList.svelte');
  const { default: RespondForm } = await import('./RespondForm.svelte');
  const responses = new Responses(REFLECTION);
  await show(ResponseList, { reflectionId: REFLECTION, responses });
  await show(RespondForm, { responses, readers: { audience: 'people' } });
  await settled();
}

const buttons = () => [...document.querySelectorAll('button')];
const button = (name: string) => buttons().find((one) => one.textContent!.trim() === name);
const said = () =>
  [...document.querySelectorAll('[role=status]')].map((one) => one.textContent!.trim()).join('');

async function respond(text: string) {
  await vi.waitFor(() => expect(button('I appreciate…')).toBeDefined());
  button('I appreciate…')!.click();
  await vi.waitFor(() => expect(document.querySelector('textarea')).not.toBeNull());
  const box = document.querySelector('textarea')!;
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
  document.querySelector<HTMLButtonElement>('button[type=submit]')!.click();
  await vi.waitFor(() => expect(said()).toBe('You responded. You can take your response back.'));
}

test('one sentence says what was done last', async () => {
  await shown();
  await respond('Thank you.');
  button('Take back')!.click();
  await vi.waitFor(() => expect(said()).toBe('Your response is taken back.'));
  await respond('Thank you all the same.');
  expect(await phone.session.phone.db.count('drafts')).toBe(0);
});

test('a kind that was chosen and let go again is nothing begun', async () => {
  await shown();
  button('I appreciate…')!.click();
  await settled();
  button('I appreciate…')!.click();
  await settled();
  await phone.drafts.flushDrafts();
  expect(await phone.session.phone.db.count('drafts')).toBe(0);
});
