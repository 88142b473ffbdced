import { t } from '../../i18n';
import { daysWords } from '../../i18n/weekdays';
import { isOvernight, type Hours } from './windows';

/** "Monday to Friday, 07:00 to 21:00". */
export function hoursWords(hours: Hours): string {
  const { opens, closes } = hours;
  const key = isOvernight(hours) ? 'rhythm.hours.overnight' : 'rhythm.hours.day';
  return t(key, { days: daysWords(hours.weekdays), opens, closes });
}
