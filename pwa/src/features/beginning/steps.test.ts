// @vitest-environment node
import { expect, it } from 'vitest';
import { stillToShow, STEPS, type Step } from './steps';

const NOTHING = Object.fromEntries(STEPS.map((step) => [step, false])) as Record<Step, boolean>;

it('shows what is neither done nor waved off', () => {
  expect(stillToShow(NOTHING, [])).toEqual(STEPS);
  const isDone = { ...NOTHING, keep: true, home: true };
  expect(stillToShow(isDone, ['reach', 'unheard of'])).toEqual(['matters', 'contract']);
});
