/**
 * A kind word before a patient's identity is kept: looks on the phone alone, warns, never stops
 * anyone and never tells. It knows four shapes; it cannot know a person by their story.
 */
export type Sign = 'number' | 'birth' | 'name' | 'place';

export interface Found {
  sign: Sign;
  words: string;
}

const MOST = 20; // of each sign
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';
const TEN_DIGITS = /(?<![\d+])\d(?:[ -]?\d){9}(?![ -]?\d)/g;
const FULL_DATE = new RegExp(
  `(?<!\\d)\\d{1,2}(?:[/.-]\\d{1,2}[/.-]|(?:st|nd|rd|th)?\\s(?:of\\s)?${MONTH},?\\s)(\\d{4}|\\d{2})(?!\\d)`,
  'gi',
);
const SAID_BORN = new RegExp(
  `\\b(?:d\\.?o\\.?b\\b\\.?|born(?:\\son)?|date of birth)[\\s:,is-]{0,6}\\d{1,2}[\\s/.-](?:\\d{1,2}|${MONTH})[\\s/.,-]{1,2}\\d{2,4}`,
  'gi',
);
const TITLED = /\b(?:[Mm]r|MR|[Mm]rs|MRS|Ms|MS|Miss|MISS|Mx)\.?\s\p{Lu}[\p{L}'’-]+/gu;
const BED_ON_WARD = [
  /\bward\b[^.\n]{0,40}\b(?:bed|bay|cubicle|side room)\s?\d{1,3}\b/gi,
  /\b(?:bed|bay|cubicle|side room)\s?\d{1,3}\b[^.\n]{0,40}\bward\b(?:\s\d{1,3}[a-z]?\b)?/gi,
];

/** What in `text` looks like a patient's identity, each thing once. `now` tells a birth from a meeting. */
export function patientIdentity(text: string, now = new Date()): Found[] {
  const numbers = matches(text, TEN_DIGITS).filter((found) => isHealthNumber(found[0]));
  const births = [
    ...matches(text, SAID_BORN),
    ...matches(text, FULL_DATE).filter((found) => isLongAgo(found[1] as string, now)),
  ];
  const places = BED_ON_WARD.flatMap((shape) => matches(text, shape));
  return once([
    ...signs('number', numbers),
    ...signs('birth', births),
    ...signs('name', matches(text, TITLED)),
    ...signs('place', places),
  ]);
}

/**
 * The check digit that NHS and CHI numbers share: weights 10 to 2, modulo 11
 * (NHS Data Dictionary, "NHS Number"; Public Health Scotland, "CHI Number").
 */
export function isHealthNumber(written: string): boolean {
  const digits = [...written.replace(/\D/g, '')].map(Number);
  if (digits.length !== 10 || digits.every((digit) => digit === digits[0])) return false;
  const sum = digits.slice(0, 9).reduce((total, digit, at) => total + digit * (10 - at), 0);
  return (11 - (sum % 11)) % 11 === digits[9];
}

/** Programmes plan months ahead and look a year or two back; a date further away is likely a birth. */
function isLongAgo(year: string, now: Date): boolean {
  const short = now.getFullYear() % 100;
  if (year.length === 2) return Number(year) > short + 5;
  return Number(year) > 1900 && Number(year) < now.getFullYear() - 3;
}

/** The first of a kind: each is compared with those before it, and nobody reads a longer list. */
function signs(sign: Sign, found: RegExpExecArray[]): Found[] {
  return found.slice(0, MOST).map((one) => ({ sign, words: one[0] }));
}

function matches(text: string, shape: RegExp): RegExpExecArray[] {
  return [...text.matchAll(shape)] as RegExpExecArray[];
}

/** The same words once; a date inside "born …" is the same thing said twice. */
function once(found: Found[]): Found[] {
  return found.filter(
    (one, at) =>
      !found.some(
        (other, where) => where < at && other.sign === one.sign && other.words.includes(one.words),
      ),
  );
}
