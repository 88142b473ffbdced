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

/** Where else what the server's notices lead to is read (`backend/notices/rules.py: path`). */
const MAY_BE_WITHOUT_IT = [
  'features/contract/OurContract.svelte', // what was adopted, and when it is looked at again
  'features/feedback/OneFeedback.svelte',
  'features/home/PeopleList.svelte', // who joined, and who facilitates
  'features/proposals/OneProposal.svelte',
  'features/pulse/CheckIn.svelte',
  'features/pulse/CheckInCard.svelte', // on Today
  'features/pulse/CohortPulse.svelte',
  'features/responses/ResponseList.svelte',
];

const HOME = join(import.meta.dirname, '..');

/** Each screen that says what is read on it, with how. */
const calls = readdirSync(HOME, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.svelte'))
  .flatMap((file) => {
    const [, ...all] = readFileSync(join(HOME, file), 'utf8').split(/^  isReadAt\(/m);
    return all.map((call) => ({ file, isDated: call.split(';')[0]!.includes('At') }));
  });
const filesOf = (some: typeof calls) => [...new Set(some.map(({ file }) => file))].toSorted();

test('whoever shows what may be without the news says when it was asked for', () => {
  expect(filesOf(calls.filter(({ isDated }) => !isDated))).toEqual(THE_THING_ITSELF);
});

test('wherever a notice leads it goes once that is shown', () => {
  expect(filesOf(calls.filter(({ isDated }) => isDated))).toEqual(MAY_BE_WITHOUT_IT);
});
