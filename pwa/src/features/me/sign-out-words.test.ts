import { beforeEach, expect, test } from 'vitest';
import { KNOWN } from '../../kinds';
import { PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';

let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [() => 'lost request'];
  phone = await signedInTab();
  await (await import('../../i18n')).learn(['me']);
});

async function warning(): Promise<string> {
  const { flushSync, mount } = await import('svelte');
  const { default: SignOut } = await import('./SignOut.svelte');
  mount(SignOut, { target: document.body });
  flushSync();
  document.querySelector('button')!.click();
  for (let i = 0; i < 20 && !document.querySelector('dialog[open]'); i += 1) await settled();
  return document.querySelector('dialog[open]')!.textContent!.replace(/\s+/g, ' ');
}

const NAMED = [
  ['reflections', '1 reflection'],
  ['responses', '1 response'],
  ['profile', 'a change to your profile'],
  ['rhythm', 'a change to your rhythm, questions or reminders'],
  ['prompts', 'a change to your rhythm, questions or reminders'],
  ['reminders', 'a change to your rhythm, questions or reminders'],
  ['feedback_requests', '1 thing you wrote or chose in Feedback'],
  ['feedback_answers', '1 thing you wrote or chose in Feedback'],
  ['feedback_offers', '1 thing you wrote or chose in Feedback'],
  ['feedback_acts', '1 thing you wrote or chose in Feedback'],
  ['proposals', '1 suggestion for a contract'],
  ['positions', '1 answer to a suggestion'],
  ['remarks', '1 question or wording for a suggestion'],
  ['reviews', '1 message about looking at a contract again'],
  ['check_in_answers', '1 check-in answer'],
] as const;

/** That something was read or skipped is no loss: nobody is asked about it. */
const NO_LOSS = ['days', 'reads'] as const;

test('every kind is here', () => {
  const kinds = [...NAMED.map(([kind]) => kind), ...NO_LOSS].toSorted();
  expect(Object.keys(KNOWN.kinds).toSorted()).toEqual(kinds);
});

test.each(NO_LOSS)('of unsent %s alone nothing is said', async (kind) => {
  await phone.items.addItem(phone.session.phone, kind, 'one', {});
  expect(await phone.signOut.whatIsUnsent()).toEqual({ things: [], drafts: 0 });
});

test.each(NAMED)('signing out with unsent %s alone names them', async (kind, words) => {
  await phone.items.addItem(phone.session.phone, kind, 'one', {});
  expect(await warning()).toContain(`Not sent yet: ${words}. If you sign out now`);
});

test('a text that was only begun goes, and signal would not send it', async () => {
  new phone.drafts.Draft('reflection/new').save({ text: 'half a th' });
  const said = await warning();
  expect(said).toContain('A text you began is lost if you sign out.');
  expect(said).not.toContain('signal');
});
