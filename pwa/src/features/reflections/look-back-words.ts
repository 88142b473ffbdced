/** The look-back in sentences: what the drawing shows, for those who read or listen. No numbers: nobody is counted. */
import type { Area } from '../../api/shapes';
import { listOf, t } from '../../i18n';
import { kindDay } from '../../i18n/times';
import { closeness, mixes, noticingsOf, PAIRS, share, type Told, type Week } from './look-back';
import { AREAS, areaWords } from './choice-words';

export function weekTitle({ from, to, items }: Week, now = new Date()): string {
  const isOneWeek = to.getTime() - from.getTime() < 7 * 86_400_000;
  if (items.length > 0 || isOneWeek)
    return t('reflections.look-back.week-of', { day: kindDay(from, now) });
  return t('reflections.look-back.pause', { from: kindDay(from, now), to: kindDay(to, now) });
}

/** "Team and system together. Self." – what met in a week, the most frequent first. */
export function weekAreas(items: readonly Told[]): string {
  const touched = mixes(items).filter((areas) => areas.length > 0);
  if (items.length > 0 && touched.length === 0) return t('reflections.look-back.no-areas');
  return touched
    .map((areas) =>
      t(`reflections.look-back.${areas.length > 1 ? 'together' : 'alone'}`, {
        areas: areaWords(areas),
      }),
    )
    .join(' ');
}

export function weekNoticings(items: readonly Told[]): string[] {
  return noticingsOf(items).map((noticing) => t(`reflections.noticing.${noticing}`));
}

/** Two or three sentences about all of it. */
export function wholeWords(items: readonly Told[]): string[] {
  if (items.every((item) => item.areas.length === 0))
    return [t('reflections.look-back.whole-none')];
  return [most(items), ...meeting(items), ...allThree(items)];
}

function most(items: readonly Told[]): string {
  const shares = AREAS.map((area) => share(items, area));
  const top = Math.max(...shares);
  const leading = AREAS.filter((_, at) => shares[at]! > top - 0.1);
  if (leading.length === AREAS.length) return t('reflections.look-back.whole-even');
  return t('reflections.look-back.whole-most', { areas: lower(leading) });
}

/** Which two met most; nothing when no pair stands out, for then there is nothing to say. */
function meeting(items: readonly Told[]): string[] {
  const pairs = Object.values(PAIRS)
    .map((pair) => ({ pair, close: closeness(items, pair) }))
    .toSorted((a, b) => b.close - a.close);
  const [nearest, next] = pairs;
  if (!nearest || nearest.close === 0) return [t('reflections.look-back.whole-apart')];
  if (next && nearest.close - next.close < 0.05) return [];
  return [t('reflections.look-back.whole-together', { areas: areaWords(nearest.pair) })];
}

function allThree(items: readonly Told[]): string[] {
  const is = items.some((item) => item.areas.length === AREAS.length);
  return is ? [t('reflections.look-back.whole-all')] : [];
}

function lower(areas: readonly Area[]): string {
  return listOf(areas.map((area) => t(`reflections.area.${area}`)));
}
