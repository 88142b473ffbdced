import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer, refusal, type Seen } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';

/** What my own screens say of who sees a reflection is so, also while a change of it has not been sent. */
const ROWAN = { id: 'rowan', name: 'Rowan', my_role: 'participant', version: 1 };
const CLEO = { id: 'cleo', name: 'Cleo' };
const people = [ME, OTHER, CLEO].map((one) => ({ ...one, role: 'participant' }));
const IN_ROWAN = { audience: 'cohort' as const, shared_with: [OTHER, CLEO] };
const WITH_BJORN = { audience: 'people' as const, shared_with: [OTHER] };
let phone: Tab;
let answers: (seen: Seen) => Response | 'lost request' | 'lost answer' | null;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  answers = taken;
  server.faults = [
    (seen) => {
      if (seen.path === '/api/cohorts') return json(200, { items: [ROWAN], next: null });
      if (seen.path.endsWith('/people')) return json(200, { items: people, next: null });
      return seen.method === 'PUT' ? answers(seen) : null;
    },
  ];
  phone = await signedInTab();
  phone.session.person = ME as typeof phone.session.person;
  vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
  // Where there is signal it says that it is on its way (unsent/waits.test.ts).
  phone.connection.isReached = false;
  await (await import('../../i18n')).learn(['mine', 'responses', 'unsent']);
  const { cohorts } = await import('../cohorts/cohorts.svelte');
  await cohorts.load();
  await cohorts.people('rowan').load();
  await screens();
});

afterEach(() => vi.restoreAllMocks());

const screens = () =>
  Promise.all([import('./OneReflection.svelte'), import('./ReflectionItem.svelte')]);
let version = 0;

function taken({ path, body }: Seen): Response {
  const named = (body!.shared_with as string[]) ?? [];
  const shared_with = people.filter(({ id }) => named.includes(id));
  const rest = { author: ME, mine: true, changed_at: '2026-11-22T09:00:00Z', shared_with };
  return json(201, { ...body, ...rest, id: path.split('/')[3], version: (version += 1) });
}

async function keep(shared: object = {}): Promise<string> {
  const { blankDraft } = await import('./keeping');
  const draft = { ...blankDraft(), text: 'I said less.', cohort_id: 'rowan', ...shared };
  return (await phone.reflections.keep(draft)).id;
}

/** A try to send, and what came of it has been read. */
async function sent(): Promise<void> {
  await phone.outbox.drain(true);
  await settled();
  await phone.reflections.load();
}

const share = (id: string, { audience, shared_with }: typeof IN_ROWAN | typeof WITH_BJORN) =>
  phone.changes.share(id, audience, shared_with, 'rowan');

/** The line on its own screen and in the list, which say the same. */
async function line(id: string): Promise<string> {
  const { flushSync, mount, unmount } = await import('svelte');
  const [{ default: One }, { default: Item }] = await screens();
  const reflection = phone.reflections.find(id)!;
  const target = document.body;
  const shown = [
    mount(One, { target, props: { reflection } }),
    mount(Item, { target, props: { reflection, onactions: () => undefined } }),
  ];
  flushSync();
  const said = [...document.querySelectorAll('.audience')].map((one) =>
    one.textContent!.replace(/\s+/g, ' ').trim(),
  );
  await Promise.all(shown.map((one) => unmount(one)));
  expect(new Set(said).size).toBe(1);
  return said[0]!;
}

const ONLY_I = 'Only you can see this.';
const COMING_BACK = 'Taken back here, and from the others when there is signal.';

test('taken back without signal: the others can still see it, and it says so', async () => {
  const id = await keep(IN_ROWAN);
  await sent();
  expect(await line(id)).toBe('All 3 people in Rowan can see this.');
  answers = () => 'lost request';
  await phone.changes.takeBack(id);
  await sent();
  expect(await line(id)).toBe(COMING_BACK);
  await phone.changes.change(id, { text: 'I said nothing.' });
  expect(await line(id)).toBe(COMING_BACK);
  answers = taken;
  await sent();
  expect(await line(id)).toBe(ONLY_I);
});

test('moved to another cohort without signal: this one can read it until it was said there', async () => {
  const id = await keep(IN_ROWAN);
  await sent();
  answers = () => 'lost request';
  await phone.changes.change(id, { cohort_id: 'hazel' });
  await sent();
  const { isStillSeen } = await import('./sent-words');
  expect(isStillSeen(phone.reflections.find(id)!)).toBe('yes');
  answers = taken;
  await sent();
  expect(isStillSeen(phone.reflections.find(id)!)).toBe('no');
});

test('shared without signal: they will see it, and cannot yet', async () => {
  const id = await keep();
  await sent();
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  answers = () => 'lost request';
  await share(id, IN_ROWAN);
  await sent();
  expect(await line(id)).toBe(
    'All 3 people in Rowan will see this. It goes to them when there is signal.',
  );
  await phone.changes.takeBack(id);
  expect(await line(id)).toBe(ONLY_I);
});

test('shared with fewer without signal: the others are not rid of it yet', async () => {
  const id = await keep(IN_ROWAN);
  await sent();
  await share(id, WITH_BJORN);
  expect(await line(id)).toBe(
    'Björn will see this. Whoever could see it before still can until there is signal.',
  );
  await share(id, IN_ROWAN);
  expect(await line(id)).toMatch(/^All 3 people in Rowan will see this\. It goes to them/);
});

test.each([
  ['without any network it has not left', false, 'lost request', ONLY_I],
  [
    'without an answer it may have left',
    true,
    'lost answer',
    'Taken back here. If it had left already, it goes from the others when there is signal.',
  ],
] as const)('taken back before it was sent: %s', async (_why, isOnline, fault, says) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline);
  answers = () => fault;
  const id = await keep(WITH_BJORN);
  await sent();
  expect(await line(id)).toBe('Björn will see this. It goes to them when there is signal.');
  await phone.changes.takeBack(id);
  expect(await line(id)).toBe(says);
});

test('what the server does not take changes nothing for the others', async () => {
  const id = await keep();
  await sent();
  answers = () => refusal(422, 'not_a_member');
  await share(id, WITH_BJORN);
  await sent();
  expect(await line(id)).toBe(
    'Björn will see this. It has not been sent: until it is, nothing changes for the others.',
  );
});

test('what was deleted here only is still to go everywhere else, and Mine says so', async () => {
  const id = await keep(IN_ROWAN);
  await sent();
  const stop = phone.connection.start();
  await phone.changes.remove(id);
  const { mount, unmount } = await import('svelte');
  const { default: Reflections } = await import('./Reflections.svelte');
  const shown = mount(Reflections, { target: document.body });
  await vi.waitFor(() =>
    expect(document.body.textContent).toContain(
      'One reflection that you deleted here is deleted everywhere else when there is signal.',
    ),
  );
  await sent();
  await vi.waitFor(() =>
    expect(document.body.textContent).not.toContain('One reflection that you deleted'),
  );
  await unmount(shown);
  stop();
});
