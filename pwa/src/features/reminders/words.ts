import type { ReminderOut } from '../../api/shapes';
import { t } from '../../i18n';
import { kindDay } from '../../i18n/times';
import { daysWords } from '../../i18n/weekdays';

type Rhythm = Pick<ReminderOut, 'weekdays' | 'at' | 'every_weeks' | 'starts_on' | 'ends_on'>;

/** "Monday and Thursday at 08:00, every second week, until 3 March". */
export function whenWords(reminder: Rhythm, now = new Date()): string {
  const { every_weeks, starts_on, ends_on, at } = reminder;
  const parts = [t('reminders.when', { days: daysWords(reminder.weekdays), at })];
  if (every_weeks > 1) parts.push(t('reminders.every', { count: every_weeks }));
  if (new Date(`${starts_on}T00:00`) > now)
    parts.push(t('reminders.from', { day: kindDay(starts_on, now) }));
  if (ends_on) parts.push(t('reminders.until', { day: kindDay(ends_on, now) }));
  return parts.join(', ');
}
