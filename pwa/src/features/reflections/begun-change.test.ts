import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { blankDraft } from './keeping';

let server: PretendServer;
let phone: Tab;
let id: string;
let close = async (): Promise<unknown> => undefined;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  ({ id } = await phone.reflections.keep({ ...blankDraft(), text: 'version one' }));
  await phone.outbox.drain(true);
  await phone.reflections.load();
});

afterEach(() => close());

const box = () => document.querySelector('textarea')!;
const button = (name: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent!.trim() === name);
const drafts = () => phone.session.phone.db.count('drafts');
const isAt = (text: string) => vi.waitFor(() => expect(box().value).toBe(text));

async function edit() {
  const { mount, unmount } = await import('svelte');
  const { router } = await import('../../core/router.svelte');
  const { learn } = await import('../../i18n');
  await learn(['mine', 'unsent']);
  router.replace(`/mine/${id}?edit`);
  const { default: Reflection } = await import('./Reflection.svelte');
  const mounted = mount(Reflection, { target: document.body, props: { id } });
  close = async () => {
    close = async () => undefined;
    await unmount(mounted);
  };
  await vi.waitFor(() => expect(box()).not.toBeNull());
  await settled();
}

async function type(text: string) {
  const { flushSync } = await import('svelte');
  box().value = text;
  box().dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  await phone.drafts.flushDrafts();
}

async function changedElsewhere(text: string) {
  server.changeElsewhere(id, { text });
  const { pull } = await import('../../store/pull');
  await pull(phone.session.phone, async () => true);
  await phone.reflections.load();
  await vi.waitFor(() => expect(phone.reflections.find(id)!.text).toBe(text));
}

test('whoever only looked has begun nothing, and finds the newer words the next time', async () => {
  await edit();
  await phone.drafts.flushDrafts();
  await close();
  expect(await drafts()).toBe(0);
  await changedElsewhere('version two');
  await edit();
  await isAt('version two');
});

test('what was begun from an older version says so before it takes the place of the newer', async () => {
  await edit();
  await type('version one!');
  await close();
  await changedElsewhere('version two');
  await edit();
  await isAt('version one!');
  expect(document.body.textContent).toContain('This was changed in two places');
  button('See what stands there now')!.click();
  await isAt('version two');
  button('Back to my words')!.click();
  await isAt('version one!');
  expect(await drafts()).toBe(1);
});

test('a version that comes while one writes is told at once', async () => {
  await edit();
  await type('version one!');
  await changedElsewhere('version two');
  await vi.waitFor(() =>
    expect(document.body.textContent).toContain('This was changed in two places'),
  );
  expect(box().value).toBe('version one!');
});

test('a form in which nothing was typed follows', async () => {
  await edit();
  await changedElsewhere('version two');
  await isAt('version two');
  expect(document.body.textContent).not.toContain('This was changed in two places');
});

test('what is deleted takes with it what was begun to change it', async () => {
  await edit();
  await type('version one!');
  await close();
  expect(await drafts()).toBe(1);
  const { Actions } = await import('./actions.svelte');
  const actions = new Actions();
  actions.open('remove', phone.reflections.find(id));
  await actions.remove();
  expect(await drafts()).toBe(0);
});

test('deleted in another tab, what is being written here is still there to choose', async () => {
  await edit();
  await type('version one!');
  // The last fields have been fetched by this tab.
  await vi.waitFor(() => expect(document.querySelectorAll('fieldset').length).toBeGreaterThan(2));
  const other = await signedInTab();
  vi.spyOn(other.connection, 'hasNew').mockImplementation(() => {});
  await other.reflections.load();
  const { Actions } = await import('./actions.svelte');
  const actions = new Actions();
  actions.open('remove', other.reflections.find(id));
  await actions.remove();
  await phone.reflections.load();
  await vi.waitFor(() => expect(document.body.textContent).toContain('version one!'));
  expect(document.querySelector('textarea')).toBeNull();
  button('Delete it')!.click();
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('version one!'));
  await vi.waitFor(async () => expect(await drafts()).toBe(0));
});

test('deleted on another phone, what was begun here comes to light in Mine', async () => {
  await edit();
  await type('version one!');
  await close();
  server.deleteElsewhere(id);
  const { pull } = await import('../../store/pull');
  await pull(phone.session.phone, async () => true);
  await phone.reflections.load();
  const { mount, unmount } = await import('svelte');
  const { default: Reflections } = await import('./Reflections.svelte');
  const mounted = mount(Reflections, { target: document.body });
  close = () => unmount(mounted);
  await vi.waitFor(() => expect(document.body.textContent).toContain('version one!'));
  button('Keep them as a reflection of mine')!.click();
  await vi.waitFor(async () => expect(await drafts()).toBe(0));
  expect(phone.reflections.items.map(({ text }) => text)).toEqual(['version one!']);
});
