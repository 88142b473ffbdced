import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settled } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

let answers: ((isPromised: boolean) => void)[];

/** The browser was asked twice, the first time waved away, and both questions are still open. */
beforeEach(async () => {
  document.body.replaceChildren();
  answers = [];
  vi.stubGlobal('navigator', {
    userAgent: 'Firefox/145.0',
    storage: {
      persisted: async () => false,
      persist: () => new Promise<boolean>((answer) => answers.push(answer)),
    },
  });
  const { learn } = await import('../../i18n');
  await learn(['me']);
  const { default: KeepHere } = await import('./KeepHere.svelte');
  await show(KeepHere);
  await vi.waitFor(() => expect(document.querySelector('button')).not.toBeNull());
  for (let tap = 0; tap < 2; tap += 1) document.querySelector('button')!.click();
  await settled();
});

afterEach(() => void vi.unstubAllGlobals());

async function says(how: 'asking' | 'kept' | 'not') {
  const { t } = await import('../../i18n');
  await settled();
  expect(document.querySelector('[role=status]')!.textContent!.trim()).toBe(
    t(`me.keepHere.${how}`),
  );
}

test('a late “no” to the earlier question says nothing of the newer one', async () => {
  answers[0]!(false);
  await says('asking');
  answers[1]!(false);
  await says('not');
});

test.each([0, 1])('a yes counts, whichever question it answers: %i', async (which) => {
  answers[which]!(true);
  await says('kept');
  answers[1 - which]!(false);
  await says('kept');
});
