// @vitest-environment node
import { expect, it } from 'vitest';
import { disguised, pseudo } from './pseudo.ts';

it('is told from English at sight, is longer, and keeps what is filled in', () => {
  const said = disguised('Shared with {name}.') as string;
  expect(said).toMatch(/^\[Shàréd wîth \{name\}\. .+\]$/);
  expect(said.length).toBeGreaterThanOrEqual('Shared with {name}.'.length * 1.4);
});

it('has a sentence for each plural form', () => {
  expect(Object.keys(disguised({ one: '{count} day', other: '{count} days' }))).toEqual([
    'one',
    'other',
  ]);
});

it('is in no build that does not ask for it', () => {
  const transform = (isWanted: boolean) =>
    (pseudo(isWanted).transform as (code: string, id: string) => string | undefined)(
      '',
      '/src/i18n/languages.ts',
    );
  expect(transform(false)).toBeUndefined();
  expect(transform(true)).toContain('zxx');
});
