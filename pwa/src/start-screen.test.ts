import { beforeEach, expect, it, vi } from 'vitest';

const asked: string[] = [];
vi.mock('./features/today/Today.svelte', () => (asked.push('Today'), { default: null }));
vi.mock('./features/sign_in/SignIn.svelte', () => (asked.push('SignIn'), { default: null }));

beforeEach(() => {
  asked.length = 0;
  localStorage.clear();
  vi.resetModules();
});

async function whatBeginsAt(path: string, isHere: boolean): Promise<string[]> {
  history.replaceState(null, '', path);
  const start = await import('./start-screen');
  start.noteWhetherSomebodyIsHere(isHere);
  start.beginFirstScreen();
  await vi.dynamicImportSettled();
  return asked;
}

it('fetches Today for somebody who was here', async () => {
  expect(await whatBeginsAt('/', true)).toEqual(['Today']);
});

it('fetches the screen at another address for them, and not Today', async () => {
  const load = async () => (asked.push('Mine'), { default: null as never });
  vi.doMock('./screens', () => ({ SCREENS: [{ path: '/mine', title: 'shell.title.mine', load }] }));
  expect(await whatBeginsAt('/mine', true)).toEqual(['Mine']);
  expect(await whatBeginsAt('/nowhere', true)).toEqual(['Mine']);
  vi.doUnmock('./screens');
});

it('fetches the sign-in for a stranger, and after a sign-out', async () => {
  expect(await whatBeginsAt('/mine', false)).toEqual(['SignIn']);
});

it('fetches neither for somebody who follows an invitation', async () => {
  expect(await whatBeginsAt('/join', false)).toEqual([]);
});

it('has Today at hand once it is here, and asks again when it could not be had', async () => {
  const start = await import('./start-screen');
  vi.doMock('./features/today/Today.svelte', () => {
    throw new Error('no signal');
  });
  await expect(start.loadToday()).rejects.toThrow();
  vi.doMock('./features/today/Today.svelte', () => ({ default: null }));
  const here = start.loadToday();
  await here;
  expect(start.loadToday()).toBe(here);
});
