// @vitest-environment node
import { expect, it } from 'vitest';
import { initials, tint, TINTS } from './initials';

it.each([
  ['Björn Strand', 'BS'],
  ['Aoife', 'A'],
  ['  Mary  Jane   Ní Bhriain ', 'MB'],
  ['«Ada» Lovelace', 'AL'],
  ['李 小龙', '李小'],
  ['', ''],
])('%s → %s', (name, letters) => expect(initials(name)).toBe(letters));

it('spreads people evenly over the tints, also those who came in the same moment', () => {
  const people = Array.from(
    { length: 6000 },
    (_, at) => `019ad5a0-6c00-7000-8000-${(at * 7_919).toString(16).padStart(12, '0')}`,
  );
  const worn = Array<number>(TINTS).fill(0);
  for (const id of people) worn[tint(id) - 1]! += 1;
  expect(Math.min(...worn)).toBeGreaterThan(900);
  expect(Math.max(...worn)).toBeLessThan(1100);
});
