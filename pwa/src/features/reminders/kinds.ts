/** Reminders as they travel and are kept on the phone. */
import type { ReminderIn, ReminderOut } from '../../api/shapes';
import { listOf, type Answers, type ShapeOf } from '../../store/copies';
import { plain, type Kind } from '../../store/kinds';

const REMINDER = { thing: 'reminder', isCohorts: true } satisfies ShapeOf<ReminderOut>;

export const reminders: Kind<ReminderOut, ReminderIn, ReminderOut> = {
  method: 'PUT',
  unsentAs: 'wishes',
  holds: REMINDER,
  listedBy: ['cohort_id'],
  path: (id) => `/api/reminders/${id}`,
  isComparedByName: true,
  content: {
    cohort_id: plain,
    about: plain,
    weekdays: { sent: ({ weekdays }) => weekdays.toSorted((a, b) => a - b), same: plain },
    at: plain,
    every_weeks: plain,
    starts_on: plain,
    ends_on: plain,
  },
  kept: (out) => out,
  isAnswerFor: (out, id) => out.id === id,
};

export const answers = { '/api/cohorts/_/reminders': listOf(REMINDER) } satisfies Answers;
