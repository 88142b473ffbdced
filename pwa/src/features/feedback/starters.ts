import { t } from '../../i18n';

/** How many beginnings the app brings along: feedback.starter.1 … in the catalogue. */
export const STARTERS = 24;

type Begin<N extends number, All extends number[] = []> = All['length'] extends N
  ? All[number]
  : Begin<N, [...All, Exclude<All['length'], never>]>;
/** 1 … 24 */
export type StarterNumber = Exclude<Begin<25>, 0>;

const A_FEW = 3;
/** Coprime to how many there are, so that every beginning has its days. */
const STRIDE = 7;

export const all = Array.from({ length: STARTERS }, (_, at) => (at + 1) as StarterNumber);

/** A few for a day in the person's own calendar: the same from midnight to midnight. */
export function startersOf(day: Date): StarterNumber[] {
  const days = Math.floor(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate()) / 86_400_000);
  return Array.from(
    { length: A_FEW },
    (_, at) => (((days * A_FEW + at) * STRIDE) % STARTERS) + 1,
  ) as StarterNumber[];
}

export const starterWords = (number: StarterNumber): string => t(`feedback.starter.${number}`);

/** What goes into the box: an open one without its dots, ready to be finished. */
export function begun(words: string): string {
  return words.endsWith('…') ? words.slice(0, -1) : words;
}

/** A beginning that was taken and not finished. */
export function isOnlyBegun(question: string): boolean {
  const said = question.trim();
  return all.some((number) => {
    const words = starterWords(number);
    return words.endsWith('…') && begun(words).trim() === said;
  });
}

export function starterFrom(value: string | null): StarterNumber | null {
  const number = Number(value);
  return all.find((one) => one === number) ?? null;
}
