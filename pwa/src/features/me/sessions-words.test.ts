import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { newPhone, signedInTab } from '../../testing/pretend-tab';

const twin = { device: 'Chrome on Linux', last_used_on: '2026-11-20', current: false, over: false };

beforeEach(async () => {
  document.body.replaceChildren();
  newPhone();
  const server = new PretendServer();
  server.plugIn();
  server.faults = [
    ({ path }) =>
      path.startsWith('/api/me/sessions')
        ? json(200, {
            items: [
              { ...twin, id: 's1', started_at: '2020-03-01T09:00:00Z' },
              { ...twin, id: 's2', started_at: '2020-03-01T19:00:00Z' },
              { ...twin, id: 's3', started_at: '2020-02-01T09:00:00Z', current: true },
            ],
            next: null,
          })
        : null,
  ];
  await signedInTab();
  await (await import('../../i18n')).learn(['me']);
});

test('this one comes first; others alike are told apart by when they signed in, in words, exactly on demand, and to who listens', async () => {
  const { flushSync, mount } = await import('svelte');
  const { default: Sessions } = await import('./Sessions.svelte');
  mount(Sessions, { target: document.body });
  await vi.waitFor(() => expect(document.querySelectorAll('li time')).toHaveLength(3));
  const [here, ...rows] = [...document.querySelectorAll('li')];
  const words = rows.map((row) => row.textContent!.replace(/\s+/g, ' '));
  expect(here!.textContent).toContain('This one');
  expect(here!.textContent).not.toContain('Last used');
  expect(words[0]).toContain('Signed in on Sunday 1 March 2020, morning');
  expect(words[1]).toContain('Signed in on Sunday 1 March 2020, evening');
  expect(words[0]).toContain('Last used on 20 November');
  const names = [...document.querySelectorAll('[aria-label^="Sign out there"]')].map((one) =>
    one.getAttribute('aria-label'),
  );
  expect(new Set(names).size).toBe(2);
  rows[0]!.querySelector<HTMLButtonElement>('button:has(time)')!.click();
  flushSync();
  expect(rows[0]!.textContent).toContain('at 09:00');
});

test('what signing out there does is said before it is done: what goes when, what stays, who can read it until then', async () => {
  const { mount } = await import('svelte');
  const { default: Sessions } = await import('./Sessions.svelte');
  mount(Sessions, { target: document.body });
  await vi.waitFor(() =>
    expect(document.querySelector('[aria-label^="Sign out there"]')).not.toBeNull(),
  );
  const section = document.querySelector('section')!;
  const before = section.querySelector('ul')!;
  const said = [...section.querySelectorAll('p')]
    .filter((one) => one.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING)
    .map((one) => one.textContent)
    .join(' ');
  for (const words of [
    'Is a phone lost? Sign out there.',
    'our server gives it nothing, takes nothing from it and sends no notification to it',
    'What is on it goes as soon as Alongside on that phone reaches us',
    'Until then, in flight mode for instance, whoever can unlock the phone can read it.',
    'Words that it had not sent yet stay on it after that too, locked, until you sign in there again.',
  ])
    expect(said).toContain(words);
  document.querySelector<HTMLButtonElement>('[aria-label^="Sign out there"]')!.click();
  const status = section.querySelector('[role=status]')!;
  await vi.waitFor(() => expect(status.textContent).toContain('Signed out there.'));
  expect(status.textContent).toContain('goes as soon as Alongside on it reaches us');
});
