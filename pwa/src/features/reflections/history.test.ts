import { beforeEach, expect, test, vi } from 'vitest';
import { begin, drain, here } from '../../testing/pretend-outbox';
import { settled, signedInTab } from '../../testing/pretend-tab';
import { show, takeDown } from '../../testing/screen';

/** On a new phone nobody is told that they have written nothing, nor told of a part as of the whole. */
const MANY = 250;
const isPage = ({ path }: { path: string }) => path.startsWith('/api/reflections/changes');
const INVITED = 'Your reflections will be here';
const DRAWN = 'Your weeks will be drawn here';

beforeEach(async () => {
  document.body.replaceChildren();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  await begin();
  vi.spyOn(here.phone.connection, 'send').mockImplementation(() => {});
  await (await import('../../i18n')).learn(['mine', 'unsent']);
});

function written(many: number): void {
  for (let at = 0; at < many; at += 1) {
    const id = `0192dddd-0000-7000-8000-${String(at).padStart(12, '0')}`;
    const written_at = new Date(Date.UTC(2016, 0, 1 + at)).toISOString();
    here.server.stored.set(id, { id, version: 0 });
    here.server.changeElsewhere(id, { text: `Café ${at}`, areas: [], audience: 'me', written_at });
  }
}

async function opened(screen: 'Reflections' | 'LookBack'): Promise<void> {
  const screens = {
    Reflections: () => import('./Reflections.svelte'),
    LookBack: () => import('./LookBack.svelte'),
  };
  await show((await screens[screen]()).default);
  await here.phone.reflections.load();
  await settled();
}

const said = () => document.body.textContent!.replace(/\s+/g, ' ');

test.each([
  ['Reflections', INVITED],
  ['LookBack', DRAWN],
] as const)(
  '%s: what is on its way is not said never to have been written',
  async (screen, none) => {
    written(1);
    const held = here.server.holdBack(isPage);
    await opened(screen);
    const drained = drain();
    await held.isAsked;
    await vi.waitFor(() => expect(said()).toContain('on their way to this phone'));
    expect(said()).not.toContain(none);
    held.release();
    await drained;
    await vi.waitFor(() => expect(here.phone.reflections.items).toHaveLength(1));
    await vi.waitFor(() => expect(said()).not.toMatch(/on their way|still coming/));
  },
);

test.each([
  ['Reflections', INVITED],
  ['LookBack', DRAWN],
] as const)('%s: who has written nothing is invited once that is known', async (screen, none) => {
  await opened(screen);
  expect(said()).not.toContain(none);
  await drain();
  await vi.waitFor(() => expect(said()).toContain(none));
  await takeDown();
  // It is remembered: whoever opens the app without signal is invited at once.
  here.phone = await signedInTab();
  await (await import('../../i18n')).learn(['mine']);
  await opened(screen);
  await vi.waitFor(() => expect(said()).toContain(none));
});

test('without signal it is said that they have not come yet', async () => {
  written(1);
  here.server.faults = [() => 'lost request'];
  here.phone.connection.isOnline = false;
  await opened('Reflections');
  await vi.waitFor(() => expect(said()).toContain('Not on this phone yet'));
});

test('while a long history comes, what is here is not said to be all of it', async () => {
  written(MANY);
  let pages = 0;
  const held = here.server.holdBack((seen) => isPage(seen) && (pages += 1) === 2);
  await opened('Reflections');
  const { view } = await import('./timeline-view.svelte');
  const drained = drain();
  await held.isAsked;
  await vi.waitFor(() => expect(said()).toContain('still coming to this phone'));
  view.query = 'Café 7';
  await vi.waitFor(() => expect(said()).toMatch(/found so far/));
  view.query = 'nowhere';
  await vi.waitFor(() => expect(said()).toContain('It may still be on its way'));
  held.release();
  await drained;
  view.query = 'Café 7';
  await vi.waitFor(() => expect(said()).toMatch(/reflections found(?! so far)/));
  expect(said()).not.toContain('still coming');
});
