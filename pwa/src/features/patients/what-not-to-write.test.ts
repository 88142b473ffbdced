import { beforeEach, expect, test, vi } from 'vitest';
import type { Me } from '../../api/shapes';
import { ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show, takeDown } from '../../testing/screen';

const SENTENCE = 'No patient details, please.';
let tab: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  localStorage.clear();
  newPhone();
  new PretendServer().plugIn();
  tab = await signedInTab();
  tab.session.person = ME as Me;
});

async function open(): Promise<HTMLTextAreaElement> {
  const { default: WatchedText } = await import('./WatchedText.svelte');
  await show(WatchedText, { label: 'Words' });
  await vi.waitFor(() => expect(document.body.textContent).toContain(SENTENCE));
  return document.querySelector('textarea')!;
}

async function write(area: HTMLTextAreaElement): Promise<void> {
  area.value = 'I listened.';
  area.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.waitFor(() => expect(localStorage.length).toBe(1));
}

const isBehindALine = () => document.querySelector('details') !== null;

test('it is said in full until something was written, and then stands behind a line', async () => {
  await open();
  expect(isBehindALine()).toBe(false);
  await takeDown();
  const area = await open();
  expect(isBehindALine(), 'whoever only looked was not told').toBe(false);
  await write(area);
  expect(isBehindALine(), 'nothing moves under the first letter').toBe(false);
  await takeDown();
  await open();
  expect(document.querySelector('details')!.open).toBe(false);
  expect(document.querySelector('details a')!.getAttribute('href')).toBe('/help#patients');
});

test('who comes to this phone after somebody else is told, too', async () => {
  await write(await open());
  await takeDown();
  tab.session.person = OTHER as Me;
  await open();
  expect(isBehindALine()).toBe(false);
});
