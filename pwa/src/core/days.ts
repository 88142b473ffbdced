/** A day of this phone's own calendar, as `2026-11-22`. */
export function dayOf(when: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
}

export function today(now = new Date()): string {
  return dayOf(now);
}

/** So many days from now; noon, so that no change of clocks moves it. */
export function dayIn(days: number, now = new Date()): string {
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 12));
}
