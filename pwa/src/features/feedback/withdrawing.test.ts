import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../../testing/pretend-tab';
import { blankDraft } from '../reflections/keeping';
import { somePiece, someRequest } from '../../testing/some-feedback';
import { show } from '../../testing/screen';

const CLEO = { id: '0192cccc-0000-7000-8000-000000000003', name: 'Cleo' };
let phone: Tab;
let attached: string;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  const shared = { audience: 'people' as const, cohort_id: 'rowan', shared_with: [OTHER, CLEO] };
  const kept = await phone.reflections.keep({ ...blankDraft(), text: 'I said less.', ...shared });
  attached = kept.id;
  const piece = somePiece({
    id: 'p1',
    state: 'asked',
    i_am: 'receiver',
    giver: OTHER,
    receiver: ME,
  });
  const one = someRequest({
    id: 'mine',
    asker: ME,
    mine: true,
    reflection_id: attached,
    feedback: [piece],
  });
  server.faults = [
    ({ path }) => {
      if (path.includes('direction=asking')) return json(200, { items: [one], next: null });
      return /feedback|cohorts/.test(path) ? json(200, { items: [], next: null }) : null;
    },
  ];
});

const button = (name: string) =>
  [...document.querySelectorAll('button')].find((each) => each.textContent!.trim() === name);

async function withdrawing() {
  const { learn } = await import('../../i18n');
  await learn(['feedback', 'feedback_lines', 'mine', 'unsent']);
  const { default: OneFeedback } = await import('./OneFeedback.svelte');
  await show(OneFeedback, { id: 'mine' });
  await vi.waitFor(() => expect(button('Withdraw what I asked')).toBeDefined());
  button('Withdraw what I asked')!.click();
  await vi.waitFor(() => expect(button('Withdraw it')).toBeDefined());
}

const readers = () => phone.reflections.find(attached)!.shared_with.map(({ name }) => name);

test('the sheet says who can read what came with an ask, and it is taken back from them too', async () => {
  await withdrawing();
  expect(document.body.textContent).toContain('Björn can also read the reflection');
  button('Withdraw it')!.click();
  await vi.waitFor(() => expect(readers()).toEqual(['Cleo']));
  // for the list of feedback, which it leads to
  const { happened } = await import('../../core/happened.svelte');
  await vi.waitFor(() => expect(happened.words).toContain('You withdrew what you asked Björn.'));
});

test('unless whoever asked lets it stay', async () => {
  await withdrawing();
  button('Take that back too')!.click();
  button('Withdraw it')!.click();
  await vi.waitFor(async () =>
    expect(await phone.session.phone.db.count('outbox')).toBeGreaterThan(1),
  );
  expect(readers()).toEqual(['Björn', 'Cleo']);
});
