/** Windows of the week, gathered by their hours: "Monday to Friday, 07:00 to 21:00". */
import type { TimeWindow } from '../../api/shapes';

export interface Hours {
  opens: string;
  closes: string;
  /** 0 is Monday. */
  weekdays: number[];
}

/** Days with the same hours together, in the order of their hours. */
export function gathered(windows: readonly TimeWindow[]): Hours[] {
  const groups = new Map<string, Hours>();
  for (const { weekday, opens, closes } of windows) {
    const key = `${opens}–${closes}`;
    const group = groups.get(key) ?? { opens, closes, weekdays: [] };
    groups.set(key, group);
    if (!group.weekdays.includes(weekday)) group.weekdays.push(weekday);
  }
  const sorted = [...groups.values()].toSorted(
    (a, b) => a.opens.localeCompare(b.opens) || a.closes.localeCompare(b.closes),
  );
  return sorted.map((group) => ({ ...group, weekdays: group.weekdays.toSorted() }));
}

/** And back. Hours without a day are none. */
export function spread(groups: readonly Hours[]): TimeWindow[] {
  const all = groups.flatMap(({ weekdays, opens, closes }) =>
    weekdays.map((weekday) => ({ weekday, opens, closes })),
  );
  const key = (one: TimeWindow) => `${one.weekday} ${one.opens} ${one.closes}`;
  return [...new Map(all.map((one) => [key(one), one])).values()].toSorted((a, b) =>
    key(a).localeCompare(key(b)),
  );
}

/** Whether the hours end on the day after. */
export function isOvernight({ opens, closes }: Pick<Hours, 'opens' | 'closes'>): boolean {
  return closes <= opens;
}
