import { beforeEach, expect, test } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

/** A notice of a response leads to my reflection among my own: it has done its work once the response is shown. */
const REFLECTION = '0192ffff-0000-7000-8000-000000000001';
let next: string | null;
let hasSignal: boolean;

beforeEach(async () => {
  document.body.replaceChildren();
  next = null;
  hasSignal = true;
  newPhone();
  const server = new PretendServer();
  server.faults = [
    ({ path }) => {
      if (!hasSignal) throw new TypeError('no signal');
      return path.endsWith('/responses') ? json(200, { items: [], next }) : null;
    },
  ];
  server.plugIn();
  await signedInTab();
});

async function readAt(): Promise<number | undefined> {
  const { learn } = await import('../../i18n');
  await learn(['responses', 'mine', 'unsent']);
  await show((await import('./ResponseList.svelte')).default, { reflectionId: REFLECTION });
  await settled();
  const { reading } = await import('../../core/reading.svelte');
  return [...reading.values()].find(({ at }) => at === `/mine/${REFLECTION}`)?.moment;
}

test('the responses are read, as they were when they were asked for', async () => {
  const before = Date.now();
  expect(await readAt()).toBeGreaterThanOrEqual(before);
});

test('nothing is read while later ones are not shown', async () => {
  next = 'later';
  expect(await readAt()).toBeUndefined();
});

test('nothing is read that is not on this phone', async () => {
  hasSignal = false;
  expect(await readAt()).toBeUndefined();
});
