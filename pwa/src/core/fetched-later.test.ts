/** What is fetched later may not come: no signal, a server that is stopped, a page that is being left. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PretendServer } from '../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../testing/pretend-tab';

const ours = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(ts|svelte)$/.test(path) && !/\.test\.ts$|^testing\//.test(path),
);
const sources = ours.map((path) => [path, readFileSync(`src/${path}`, 'utf8')] as const);

/** Blocks that wait for something and say nothing of how it fails: Svelte throws that where nobody hears it. */
const unheardBlocks = (source: string): string[] =>
  [...source.matchAll(/\{#await[^]*?\{\/await\}/g)]
    .map(([block]) => block)
    .filter((block) => !block.includes('{:catch'));

/** Statements that nobody waits for, with an import and no word of its failure. */
const unheardImports = (source: string): string[] =>
  [...source.matchAll(/\bvoid\s[^;]*?\bimport\([^]*?;/g)]
    .map(([statement]) => statement)
    .filter((statement) => !/\.catch\(|\(\) => undefined|\.fetching\(/.test(statement));

describe('in the sources', () => {
  test('what cannot be fetched is heard of', () => {
    const unheard = sources.flatMap(([path, source]) =>
      [...unheardBlocks(source), ...unheardImports(source)].map((one) => `${path}: ${one}`),
    );
    expect(unheard).toEqual([]);
  });

  test('one that does not would be seen', () => {
    expect(unheardBlocks('{#await more() then More}<More />{/await}')).toHaveLength(1);
    expect(unheardImports("void import('./a').then(({ a }) => a());")).toHaveLength(1);
    expect(unheardImports("() => void import('./a').then(({ a }) => a(),\n);")).toHaveLength(1);
  });
});

describe('what a tap on Today fetches', () => {
  const unheard = vi.fn();
  let leave: () => Promise<void>;

  beforeEach(() => {
    document.body.replaceChildren();
    newPhone();
    new PretendServer().plugIn();
    vi.resetModules();
    unheard.mockReset();
    process.on('unhandledRejection', unheard);
    return async () => {
      await leave(); // what comes after that finds no page to be shown on
      process.off('unhandledRejection', unheard);
      vi.doUnmock('../features/prompts/OwnQuestionSheet.svelte');
      vi.doUnmock('../features/reflections/ShareSheet.svelte');
      vi.doUnmock('../features/prompts/prompts.svelte');
    };
  });

  const cannotCome = () => {
    throw new TypeError('error loading dynamically imported module');
  };
  const said = () => document.body.textContent!;

  async function today() {
    const tab = await signedInTab();
    const { flushSync, mount, unmount } = await import('svelte');
    const { composer } = await import('../features/reflections/composer.svelte');
    const { default: Today } = await import('../features/today/Today.svelte');
    const shown = mount(Today, { target: document.body });
    leave = () => unmount(shown);
    await settled();
    composer.draft.noticing = 'shifted';
    flushSync();
    return {
      tab,
      tap: async (label: string) => {
        const buttons = [...document.querySelectorAll('button')];
        buttons.find((one) => one.textContent!.includes(label))!.click();
        await settled();
        await settled();
        flushSync();
      },
    };
  }

  test.each([
    ['My own', '../features/prompts/OwnQuestionSheet.svelte'],
    ['Another question', '../features/prompts/prompts.svelte'],
    ['Share', '../features/reflections/ShareSheet.svelte'],
  ])('%s says so where it cannot come', async (label, path) => {
    vi.doMock(path, cannotCome);
    const { tap } = await today();
    await tap(label);
    expect(said()).toContain('That needs signal the first time.');
    expect(unheard).not.toHaveBeenCalled();
  });
});
