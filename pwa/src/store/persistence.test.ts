import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PretendServer } from '../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../testing/pretend-tab';

const FIREFOX = 'Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0';
const CHROME =
  'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';

let persist: ReturnType<typeof vi.fn<() => Promise<boolean>>>;
let isPersisted: boolean;

beforeEach(() => {
  document.body.replaceChildren();
  newPhone();
  new PretendServer().plugIn();
  isPersisted = false;
  persist = vi.fn(async () => true);
  Object.assign(navigator.storage, {
    persist: () => persist(),
    persisted: async () => isPersisted,
  });
});

const isIn = (userAgent: string) =>
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent);

/** The first words are kept, and sent. */
async function keepSomething() {
  const { reflections } = await signedInTab();
  const { blankDraft } = await import('../features/reflections/keeping');
  await reflections.keep({ ...blankDraft(), text: 'I held back.' });
  await vi.waitFor(() => expect(reflections.items[0]?.state).toBe('safe'));
  await settled();
}

describe('at the first keep', () => {
  test.each([
    ['Chrome', CHROME],
    ['Safari', IPHONE],
  ])('%s is asked, which asks nobody', async (_name, userAgent) => {
    isIn(userAgent);
    await keepSomething();
    expect(persist).toHaveBeenCalledOnce();
  });

  test('Firefox is not: nothing on the screen would say whose question that is', async () => {
    isIn(FIREFOX);
    await keepSomething();
    expect(persist).not.toHaveBeenCalled();
  });
});

describe('in Me', () => {
  async function shown() {
    await signedInTab();
    const { flushSync, mount } = await import('svelte');
    await (await import('../i18n')).learn(['me']);
    const { default: KeepHere } = await import('../features/me/KeepHere.svelte');
    mount(KeepHere, { target: document.body });
    await settled();
    flushSync();
    return async () => {
      document.querySelector('button')!.click();
      await settled();
      flushSync();
    };
  }
  const said = () => document.body.textContent!.replace(/\s+/g, ' ');

  test('a tap that says what for asks Firefox, as often as its question is waved away', async () => {
    isIn(FIREFOX);
    persist.mockReturnValueOnce(new Promise(() => undefined));
    const tap = await shown();
    expect(said()).toContain('a browser may clear what a site has kept');
    expect(persist).not.toHaveBeenCalled();
    await tap();
    expect(said()).toContain('Your browser is asking now');
    await tap();
    expect(said()).toContain('Your browser keeps them.');
    expect(persist).toHaveBeenCalledTimes(2);
  });

  test('and a no is said', async () => {
    isIn(FIREFOX);
    persist.mockResolvedValue(false);
    const tap = await shown();
    await tap();
    expect(said()).toContain('Your browser promised nothing.');
  });

  test.each([
    ['where it is kept already', FIREFOX, true],
    ['where browsers decide by themselves', CHROME, false],
  ])('nothing is there %s', async (_name, userAgent, kept) => {
    isIn(userAgent);
    isPersisted = kept;
    await shown();
    expect(said()).toBe('');
  });
});
