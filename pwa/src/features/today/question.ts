/** How many questions the app brings along: today.question.1 … in the catalogue. */
export const QUESTIONS = 14;

export type QuestionNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;

/** The question of a day in the person's own calendar: the same from midnight to midnight, each in its turn. `further` for another one. */
export function questionOf(day: Date, further = 0): QuestionNumber {
  const days = Math.floor(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate()) / 86_400_000);
  return (((days + further) % QUESTIONS) + 1) as QuestionNumber;
}
