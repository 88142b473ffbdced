/** How those who look alike are told apart: fetched behind the first screen, for few names need it. */
import type { CohortPerson } from '../api/shapes';
import { t } from '../i18n';
import { clockTime, kindDay } from '../i18n/times';
import lookAlikes from './look-alikes.json';

export type Listed = Pick<CohortPerson, 'id' | 'name' | 'called_since'>;

/** By the day; and by the clock where somebody who looks alike has been called so since that day too. */
export function toldApart(
  { id, name }: Listed,
  since: string,
  everybody: readonly Listed[],
): string {
  const day = kindDay(since);
  const others = everybody.filter((one) => one.id !== id && one.called_since);
  const isDayShared = others.some(
    (one) => kindDay(one.called_since!) === day && isAlike(one.name, name),
  );
  const time = isDayShared ? clockTime(since) : '';
  return t(isDayShared ? 'ui.called.since-time' : 'ui.called.since', { name, day, time });
}

const LONGEST = 80;
const AS_CAPITAL = turned(lookAlikes.capitals);
const AS_SMALL = turned(lookAlikes.small);
/** Marks, what cannot be seen, spaces, punctuation, apostrophes of all kinds. */
const FAINT =
  /[\p{M}\p{C}\p{Z}\p{P}\p{Lm}\p{Sk}\u115f\u1160\u2800\u3164\uffa0\ufffc\ua78b\ua78c\u{1d159}]/gu;

function turned(table: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).flatMap(([to, all]) => [...all].map((one) => [one, to])));
}

const passed = (name: string, table: ReadonlyMap<string, string>): string =>
  [...name.normalize('NFKD').replace(FAINT, '')].map((one) => table.get(one) ?? one).join('');

/** As the server has it: letters that pass for others are one. Its length first: folding costs more. */
const look = (name: string): string =>
  passed(passed(name.slice(0, LONGEST), AS_CAPITAL).toLowerCase(), AS_SMALL)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w') || name;

/** Whether one could be taken for the other: as they are written, or in small letters. */
export const isAlike = (one: string, other: string): boolean =>
  [one, one.toLowerCase()].some((a) =>
    [other, other.toLowerCase()].some((b) => look(a) === look(b)),
  );
