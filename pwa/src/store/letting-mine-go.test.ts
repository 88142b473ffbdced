import { expect, test } from 'vitest';
import { mayGo } from './letting-mine-go';

test.each([
  ['what it has as it was', 1, 1, true],
  ['what it has newer', 1, 2, true],
  ['what it has older', 2, 1, false],
  ['what it has no more', 1, null, true],
  ['what it says nothing of', 1, undefined, false],
  ['what is gone, and is there again', null, 3, true],
  ['what is gone', null, null, true],
  ['what is gone, where it says nothing', null, undefined, false],
])('a snapshot that was asked for after it arrived takes %s', (_what, version, said, goes) => {
  expect(mayGo({ version }, said)).toBe(goes);
});
