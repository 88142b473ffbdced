// @vitest-environment node
import { expect, it } from 'vitest';
import type { ActivityKind, ActivityOut } from '../../api/shapes';
import { groupOf, placeOf } from './places';

const line = (kind: ActivityKind, change: Partial<ActivityOut> = {}) =>
  ({
    kind,
    by: { id: 'dev', name: 'Dev' },
    about: 'it',
    reflection: null,
    ...change,
  }) as ActivityOut;

it.each([
  [line('shared', { reflection: { id: 'r' } as never }), '/reflections/r', 'shared'],
  [line('responded', { reflection: { id: 'r' } as never }), '/reflections/r', 'shared'],
  [line('proposed'), '/cohort/contract/proposals/it', 'contract'],
  [line('proposal_withdrawn', { about: null }), '/cohort/contract', 'contract'],
  [line('review_due', { by: null, about: null }), '/cohort/contract', 'contract'],
  [line('check_in_opened', { by: null }), '/cohort/contract/check-ins/it', 'contract'],
  [line('pulse_shown', { by: null, about: null }), '/cohort/contract/pulse', 'contract'],
  [line('joined'), '/cohort/people?person=dev', 'people'],
  [line('joined', { by: null }), '/cohort/people', 'people'],
  [line('left'), '/cohort/people', 'people'],
  [line('cohort_changed'), '/cohort/about', 'people'],
  [line('invited'), '/cohort/convene', 'people'],
  [line('reminder_set'), '/cohort/convene', 'people'],
])('a line leads to what it is about: %#', (item, place, group) => {
  expect(placeOf(item)).toBe(place);
  expect(groupOf(item)).toBe(group);
});
