import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Every screen with a box for words; what is asked of one is asked of all, those made later too. */
const boxes = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.svelte'))
  .filter((path) => readFileSync(join(import.meta.dirname, path), 'utf8').includes('<TextArea'));

test.each(boxes)('words in %s are looked through for patients, on this phone', (path) => {
  const screen = readFileSync(join(import.meta.dirname, path), 'utf8');
  expect(screen).toMatch(/<Patient(Watch|Notice)\b/);
});
