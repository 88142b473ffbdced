// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Who shows the very thing that a notice tells of: it is there or it is not. Elsewhere an old copy may be without it. */
const THE_THING_ITSELF = [
  'core/Happened.svelte', // what one has just done about it
  'features/activity/SharedReflection.svelte', // what was shared
  'features/reminders/ReminderLine.svelte', // what the reminder says
];

const HOME = join(import.meta.dirname, '..');

test('whoever shows what may be without the news says when it was asked for', () => {
  const undated = readdirSync(HOME, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.svelte'))
    .filter((file) => {
      const [, call] = readFileSync(join(HOME, file), 'utf8').split(/^  isReadAt\(/m);
      return call !== undefined && !call.split(';')[0]!.includes('At');
    });
  expect(undated.toSorted()).toEqual(THE_THING_ITSELF);
});
