/**
 * What two tabs of one phone, its outbox, another device and a server do in any order: no word is lost, nothing that was
 * seen flips back to how it was before, and nothing is sent twice as new. Seeded mutants of the rule show that a wrong one
 * would be found.
 */
import { readFileSync } from 'node:fs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { opened, walk, WALKS } from '../testing/walk';

afterEach(() => {
  vi.restoreAllMocks();
  vi.doUnmock('./letting-mine-go');
});

test('whatever comes in whatever order, no word is lost and nothing flips back', async () => {
  await opened();
  // `make test-quick` walks less.
  await walk(0, process.env.ALONGSIDE_QUICK ? 10 : WALKS);
}, 120_000);

describe('a rule that is wrong is found', () => {
  /** The rule as it is written, but for one thing. */
  const RULE = readFileSync('src/store/letting-mine-go.ts', 'utf8');

  function wrong(right: string, instead: string): void {
    if (!RULE.includes(right)) throw new Error(`the rule does not say: ${right}`);
    const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
    const { outputText } = transpileModule(RULE.replace(right, instead), { compilerOptions });
    vi.doMock('./letting-mine-go', async () => {
      const needed: Record<string, unknown> = {
        './items': await import('./items'),
        './seal': await import('./seal'),
        './session.svelte': await import('./session.svelte'),
      };
      const exports = {};
      new Function('exports', 'require', outputText)(exports, (name: string) => needed[name]);
      return exports;
    });
  }

  const found = async (mutate?: () => unknown) => {
    await opened(mutate);
    await expect(walk(0, WALKS)).rejects.toThrow(
      /flips back|was meant last|the server has|kept besides|as new again|does not come to rest/,
    );
  };

  test.each([
    ['what arrived while it was asked', 'of sent[at]!)', 'of own.all.filter(isAcknowledged))'],
    ['an answer that was on its way', 'ask(sent.some(({ length }) => length > 0))', 'ask(false)'],
    ['what was written and sent again meanwhile', 'now.version === then.version &&', ''],
    ['what still waits', 'isAcknowledged(now) &&', ''],
    ['nothing', 'said >= (version ?? 0)', 'false'],
    ['nothing that was taken away elsewhere', 'said === null ||', ''],
  ])(
    'one that lets go of %s',
    async (_what, right, instead) => {
      wrong(right, instead);
      await found();
    },
    60_000,
  );

  test('one that believes an answer that did not come', async () => {
    await found(async () => {
      const { Resource } = await import('./resource.svelte');
      vi.spyOn(Resource.prototype, 'isStale', 'get').mockReturnValue(false);
    });
  }, 60_000);

  test('one that forgets what was taken away', async () => {
    await found(async () => {
      (await import('../kinds')).KNOWN.kinds.reminders.listedBy = null;
    });
  }, 60_000);

  test('a tab that does not catch up with what another heard', async () => {
    await found(async () => {
      const { Resource } = await import('./resource.svelte');
      vi.spyOn(Resource.prototype, 'catchUp').mockResolvedValue();
    });
  }, 60_000);

  test('an older answer that takes the place of a newer one', async () => {
    vi.doMock('./age', async (original) => ({
      ...(await original<typeof import('./age')>()),
      isLater: (one: number, other: number | null) => other === null || one > 0,
    }));
    await found();
    vi.doUnmock('./age');
  }, 60_000);
});
