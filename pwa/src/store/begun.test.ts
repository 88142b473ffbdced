import { beforeEach, expect, test } from 'vitest';
import { newPhone, signedInTab } from '../testing/pretend-tab';

beforeEach(async () => {
  newPhone();
  await signedInTab();
});

/** A form over a text that stands in it, and changes elsewhere; each opening is a form of its own. */
async function over(text: { now: string }) {
  const { Begun } = await import('./begun.svelte');
  const begun = new Begun(
    'a-form',
    () => text.now,
    () => undefined,
  );
  await begun.restore();
  return begun;
}

test('mine that lies beside stays on the phone, however often what stands there changes', async () => {
  const text = { now: 'one' };
  const begun = await over(text);
  begun.said = 'mine';
  begun.remember();
  text.now = 'two';
  expect(begun.isEarlier).toBe(true);
  begun.takeNow();
  begun.remember();
  text.now = 'three';
  begun.remember();
  expect(begun.said).toBe('three');
  await begun.flush();
  expect((await over(text)).said).toBe('mine');
});

test('nothing was changed in two places while it is being kept', async () => {
  const text = { now: 'one' };
  const begun = await over(text);
  begun.said = 'mine ';
  begun.remember();
  const cleared = begun.clear();
  text.now = 'mine';
  expect(begun.isEarlier).toBe(false);
  await cleared;
});
