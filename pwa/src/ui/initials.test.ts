// @vitest-environment node
import { expect, it } from 'vitest';
import { initials, tone } from './initials';

it.each([
  ['Björn Strand', 'BS'],
  ['Aoife', 'A'],
  ['  Mary  Jane   Ní Bhriain ', 'MB'],
  ['«Ada» Lovelace', 'AL'],
  ['李 小龙', '李小'],
  ['', ''],
])('%s → %s', (name, letters) => expect(initials(name)).toBe(letters));

it('gives a name the same tone each time', () => expect(tone('Amina')).toBe(tone('Amina')));
