import { beforeEach, expect, test } from 'vitest';
import { PretendServer } from '../../store/pretend-server';
import { newPhone, tab } from '../../store/pretend-tab';

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  new PretendServer().plugIn();
  await tab();
  await (await import('../../i18n')).learn(['joining', 'signIn']);
});

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
