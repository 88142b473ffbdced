import { beforeEach, describe, expect, test, vi } from 'vitest';
import { json, ME, OTHER, PretendServer } from '../../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../../testing/pretend-tab';
import { show } from '../../testing/screen';

const HAZEL = { id: 'hazel', name: 'Hazel', my_role: 'participant', version: 1 };
const CLEO = { id: 'cleo', name: 'Cleo' };
const DEV = { id: 'dev', name: 'Dev' };
const people = [ME, OTHER, CLEO, DEV].map((one) => ({ ...one, role: 'participant' }));

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) => {
      if (path === '/api/cohorts') return json(200, { items: [HAZEL], next: null });
      return path.endsWith('/people') ? json(200, { items: people, next: null }) : null;
    },
  ];
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'send').mockImplementation(() => {});
  // Where there is signal it says that it is on its way (unsent/waits.test.ts).
  phone.connection.isReached = false;
  await (await import('../cohorts/cohorts.svelte')).cohorts.load();
});

async function composed(shared: object) {
  const { flushSync } = await import('svelte');
  const { default: Composer } = await import('../today/Composer.svelte');
  const { composer } = await import('./composer.svelte');
  await show(Composer, { label: 'What did you notice?' });
  Object.assign(composer.draft, { text: 'I said less.', ...shared });
  flushSync();
  return composer;
}

const main = () => document.querySelector<HTMLButtonElement>('button[type=submit]')!;
const line = () => document.querySelector('.kept')?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
const button = (name: string) =>
  [...document.querySelectorAll('button')].find((one) => one.textContent!.trim() === name);

test.each([
  [{}, 'Keep', 'Kept safely. Open it'],
  [
    { audience: 'cohort', cohort_id: 'hazel', shared_with: [OTHER, CLEO, DEV] },
    'Share with Hazel',
    'Shared with Hazel, four people · Take back',
  ],
  [
    { audience: 'people', cohort_id: 'hazel', shared_with: [OTHER] },
    'Share with Björn',
    'Shared with Björn · Take back',
  ],
  [
    { audience: 'people', cohort_id: 'hazel', shared_with: [OTHER, CLEO] },
    'Share with 2 people',
    'Shared with Björn and Cleo · Take back',
  ],
])('the main button says what it does, and then what it did: %o', async (shared, says, did) => {
  await composed(shared);
  expect(main().textContent!.trim()).toBe(says);
  main().click();
  await vi.waitFor(() => expect(line()).toMatch(/^Kept on this phone/));
  // What the pretended server lists of those it reaches is not its to know here.
  server.faults.unshift(({ method, path, body }) =>
    method === 'PUT'
      ? json(201, {
          ...body,
          id: path.split('/')[3],
          version: 1,
          author: ME,
          mine: true,
          changed_at: '2026-11-22T09:00:00Z',
          shared_with: people.filter(({ id }) => (body!.shared_with as string[]).includes(id)),
        })
      : null,
  );
  await phone.outbox.drain(true);
  await vi.waitFor(() => expect(line()).toBe(did));
});

test('where the line is too narrow for both, no line begins with the dot', async () => {
  await composed({ audience: 'people', cohort_id: 'hazel', shared_with: [OTHER, CLEO] });
  main().click();
  await vi.waitFor(() => expect(line()).not.toBe(''));
  expect(document.querySelector('.said')!.textContent).toMatch(/[^ ]\u00a0·$/);
});

test('before there is signal it says what will be, and it can be taken back', async () => {
  await composed({ audience: 'cohort', cohort_id: 'hazel', shared_with: [OTHER, CLEO, DEV] });
  main().click();
  await vi.waitFor(() =>
    expect(line()).toBe('Kept on this phone, shared with Hazel when there is signal · Take back'),
  );
  button('Take back')!.click();
  // It never left: there are no others to take it from.
  await vi.waitFor(() => expect(line()).toBe('Taken back. Only you can see it now. Open it'));
  await phone.outbox.drain(true);
  expect(line()).toBe('Taken back. Only you can see it now. Open it');
  const sent = server.writes().filter(({ method }) => method === 'PUT');
  expect(sent.map(({ body }) => [body!.audience, body!.shared_with])).toEqual([['me', []]]);
});

test('what has gone out is taken back with one tap', async () => {
  await composed({ audience: 'people', cohort_id: 'hazel', shared_with: [OTHER] });
  main().click();
  await vi.waitFor(() => expect(line()).not.toBe(''));
  await phone.outbox.drain(true);
  await vi.waitFor(() => expect(line()).toMatch(/^Shared with Björn/));
  button('Take back')!.click();
  await vi.waitFor(() => expect(line()).toMatch(/^Taken back here, and from the others when/));
  await phone.outbox.drain(true);
  expect(server.writes().at(-1)!.body).toMatchObject({ audience: 'me', shared_with: [] });
});

describe('before the files behind the first screen have come', () => {
  const cannotCome = () => {
    throw new TypeError('error loading dynamically imported module');
  };
  const files = ['../today/KeptLine.svelte', '../patients/BesideTheBox.svelte'];

  beforeEach(() => {
    for (const file of files) vi.doMock(file, cannotCome);
    return () => files.forEach((file) => vi.doUnmock(file));
  });

  const shown = (text: string) =>
    vi.waitFor(() => expect(document.body.textContent).toContain(text));

  test('it is said that words are kept, and how safe they are once it can be', async () => {
    await composed({});
    main().click();
    await shown('Kept on this phone.');
    files.forEach((file) => vi.doUnmock(file));
    dispatchEvent(new Event('online'));
    await vi.waitFor(() => expect(line()).toMatch(/^Kept on this phone/));
  });

  test('the look for a patient’s identity comes when signal is back', async () => {
    await composed({ text: 'Her NHS number is 943 476 5919.' });
    await settled();
    files.forEach((file) => vi.doUnmock(file));
    dispatchEvent(new Event('online'));
    await shown('943 476 5919');
  });
});

test('the sheet only chooses: its button says so', async () => {
  await composed({});
  button('Share …')!.click();
  await vi.waitFor(() => expect(document.querySelector('dialog footer button')).not.toBeNull());
  expect(document.querySelector('dialog footer button')!.textContent!.trim()).toBe('Choose');
});

test('while nobody knows who is in the cohort, nobody is told to be alone in it', async () => {
  server.faults.unshift(({ path }) => (path.endsWith('/people') ? 'lost request' : null));
  await composed({ audience: 'cohort', cohort_id: 'hazel' });
  await phone.session.phone.db.clear('resources');
  const { cohorts } = await import('../cohorts/cohorts.svelte');
  cohorts.people('hazel').value = null;
  await vi.waitFor(() =>
    expect(document.querySelector('.audience')!.textContent).toContain(
      'Everyone in Hazel will see this.',
    ),
  );
});

test.each(['', ' \n', '\0', '\ud83d', '\u0007 '])('%j alone is nothing to keep', async (text) => {
  const composer = await composed({ text });
  main().click();
  await vi.waitFor(() => expect(composer.problem).toBe('nothing'));
});
