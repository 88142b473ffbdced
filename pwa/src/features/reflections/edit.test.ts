import { beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';
import { blankDraft } from './keeping';

const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
const CLEO = { id: 'cleo', name: 'Cleo' };
const people = [ME, OTHER, CLEO].map((one) => ({ ...one, role: 'participant' }));
let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ method, path, body }) => {
      if (path === '/api/cohorts') return json(200, { items: [ROWAN], next: null });
      if (path.endsWith('/people')) return json(200, { items: people, next: null });
      if (method !== 'PUT') return null;
      const named = body!.shared_with as string[];
      const shared_with = people.filter(({ id }) => named.includes(id));
      const rest = { author: ME, mine: true, changed_at: '2026-11-22T09:00:00Z', shared_with };
      return json(201, { ...body, ...rest, id: path.split('/')[3], version: server.seen.length });
    },
  ];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
  // Where there is signal it says that it is on its way (unsent/waits.test.ts).
  phone.connection.isReached = false;
  await (await import('../../i18n')).learn(['mine', 'responses', 'unsent']);
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
});

const said = () => document.body.textContent!.replace(/\s+/g, ' ');
const main = () => document.querySelector<HTMLButtonElement>('button[type=submit]')!;

test.each([
  [{}, 'Keep', null],
  [{ audience: 'people', shared_with: [OTHER] }, 'Share the change with Björn', 'Björn'],
  [
    { audience: 'people', shared_with: [OTHER, CLEO] },
    'Share the change with 2 people',
    'Björn and Cleo',
  ],
  [{ audience: 'cohort', shared_with: [OTHER, CLEO] }, 'Share the change with Rowan', 'Rowan'],
] as const)(
  'new words: the button says whom they reach, and then that they did: %o',
  async (shared, says, whom) => {
    const { flushSync } = await import('svelte');
    const { router } = await import('../../core/router.svelte');
    const { default: Reflection } = await import('./Reflection.svelte');
    const draft = { ...blankDraft(), text: 'I said less.', cohort_id: 'rowan', ...shared };
    const { id } = await phone.reflections.keep({ ...draft, shared_with: [...draft.shared_with] });
    await phone.outbox.drain(true);
    router.replace(`/mine/${id}?edit`);
    await show(Reflection, { id });
    await settled();
    expect(main().textContent!.trim()).toBe(says);

    const box = document.querySelector('textarea')!;
    box.value = 'I said less, and heard more.';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
    main().click();
    await vi.waitFor(() => expect(document.querySelector('textarea')).toBeNull());
    const news = () => /Your new words are shared with [^.]*\./.exec(said())?.[0] ?? null;
    expect(news()).toBe(whom && `Your new words are shared with ${whom} when there is signal.`);
    await phone.outbox.drain(true);
    await vi.waitFor(() => expect(news()).toBe(whom && `Your new words are shared with ${whom}.`));
  },
);
