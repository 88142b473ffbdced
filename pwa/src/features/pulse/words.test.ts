import { mount, unmount } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { CheckInWord, PulseOut } from '../../api/shapes';
import { bar, GAP, MARK } from './bar';
import OnePulse from './OnePulse.svelte';
import { pulseWords, toldWords, wordOf, WORDS, type Told } from './words';

type Amounts = [living: Amount, patchy: Amount, drifted: Amount, notSure: Amount];
type Amount = number | 'one_or_two' | 'several' | 'some' | 'most' | 'untold';

const told = (...amounts: Amounts): Told[] =>
  amounts.map((amount, at) => ({
    word: WORDS[at]!,
    amount: typeof amount === 'string' ? amount : amount === 0 ? 'none' : 'number',
    number: typeof amount === 'number' && amount > 0 ? amount : null,
  }));

const pulse = (change: Partial<PulseOut> = {}): PulseOut => ({
  check_in_id: 'a',
  opened_at: '2026-10-01T10:00:00Z',
  closed_at: '2026-10-08T10:00:00Z',
  has_enough: true,
  like: null,
  words: told(6, 3, 'one_or_two', 0),
  notes: [],
  ...change,
});

const TABLE: [Amounts, string][] = [
  [
    [6, 3, 'one_or_two', 0],
    '6 people chose “we’re living this”, 3 people chose “patchy” and one or two chose “we’ve drifted”. Nobody chose “not sure”.',
  ],
  [
    ['most', 'untold', 'untold', 'untold'],
    'All who answered, or all but one or two, chose “we’re living this”.',
  ],
  [
    ['untold', 'untold', 'most', 'untold'],
    'All who answered, or all but one or two, chose “we’ve drifted”.',
  ],
  [
    ['one_or_two', 4, 0, 0],
    'One or two chose “we’re living this” and 4 people chose “patchy”. Nobody chose “we’ve drifted” or “not sure”.',
  ],
  [
    ['one_or_two', 'one_or_two', 'one_or_two', 'one_or_two'],
    'One or two chose “we’re living this”, one or two chose “patchy”, one or two chose “we’ve drifted” and one or two chose “not sure”.',
  ],
  [
    ['several', 'one_or_two', 0, 0],
    'Three or more chose “we’re living this” and one or two chose “patchy”. Nobody chose “we’ve drifted” or “not sure”.',
  ],
  [
    ['some', 'some', 'some', 0],
    'Some chose “we’re living this”, some chose “patchy” and some chose “we’ve drifted”. Nobody chose “not sure”.',
  ],
  [
    [3, 3, 3, 5],
    '3 people chose “we’re living this”, 3 people chose “patchy”, 3 people chose “we’ve drifted” and 5 people chose “not sure”.',
  ],
];

describe('a pulse in words', () => {
  it.each(TABLE)('%j', (amounts, words) => expect(toldWords(told(...amounts))).toBe(words));

  it('is said in the same order in whatever order it came', () => {
    const turned = told(6, 3, 'one_or_two', 0).toReversed();
    expect(toldWords(turned)).toBe(TABLE[0]![1]);
  });

  it('says nothing but that there are too few voices', () => {
    const few = pulse({ has_enough: false, words: null });
    expect(pulseWords(few, [few])).toBe(
      'Not enough voices yet to show without pointing at someone.',
    );
  });

  it('says which one it is much like', () => {
    const first = pulse();
    const next = pulse({ check_in_id: 'b', like: 'a' });
    const now = new Date('2026-11-22');
    expect(pulseWords(next, [first, next], now)).toBe(`Much as on 8 October. ${TABLE[0]![1]}`);
    expect(pulseWords(next, [next], now)).toContain('Much as before.');
  });
});

describe('the drawing', () => {
  it.each(TABLE)('fills its whole length or holds nothing but marks: %j', (amounts) => {
    const segments = bar(told(...amounts));
    const last = segments.at(-1)!;
    const marksOnly = segments.every(({ kind }) => kind === 'one_or_two');
    const end = marksOnly ? segments.length * (MARK + GAP) - GAP : 100;
    expect(last.from + last.width).toBeCloseTo(end);
    for (const { kind, width } of segments) if (kind === 'one_or_two') expect(width).toBe(MARK);
  });

  it.each(TABLE)('and its text say exactly the same: %j', (amounts) => {
    expect(drawnOf(pulse({ words: told(...amounts) }))).toEqual(
      saidOf(toldWords(told(...amounts))),
    );
  });

  it('is not there with too few voices', () => {
    expect(drawnOf(pulse({ has_enough: false, words: null }))).toEqual({});
  });

  it('tells lines with their name, or without any', () => {
    const notes = [
      { id: '1', text: 'We rushed.', by: { id: 'd', name: 'Dev' } },
      { id: '2', text: 'I was not heard.', by: null },
    ];
    expect(shown(pulse({ notes }), (page) => page.textContent)).toMatch(
      /We rushed\.\s*Dev.*I was not heard\.\s*without a name/s,
    );
  });
});

type Said = Partial<Record<CheckInWord, string>>;

function shown<T>(one: PulseOut, look: (page: HTMLElement) => T): T {
  const screen = mount(OnePulse, { target: document.body, props: { pulse: one, all: [one] } });
  const seen = look(document.body);
  void unmount(screen);
  return seen;
}

/** What somebody sees who cannot read: each shape, and the figure on it. */
function drawnOf(one: PulseOut): Said {
  return shown(one, (page) => {
    const shapes = [...page.querySelectorAll('[data-told]')].map((shape) => [
      WORDS.find((word) => shape.classList.contains(word)),
      shape.getAttribute('data-told'),
    ]);
    const figures = [...page.querySelectorAll('svg text')].map((text) => text.textContent);
    expect(figures).toEqual(shapes.map(([, said]) => said).filter((said) => Number(said) > 0));
    return Object.fromEntries(shapes) as Said;
  });
}

const SAID: Record<string, string> = {
  'one or two': 'one_or_two',
  'three or more': 'several',
  some: 'some',
  'all who answered, or all but one or two,': 'most',
};

/** What somebody hears who cannot see. */
function saidOf(sentences: string): Said {
  const chosen = sentences.split(' Nobody chose ')[0]!;
  const parts = chosen.matchAll(
    /(\d+|all who answered, or all but one or two,|one or two|three or more|some)(?: people)? chose “([^”]+)”/gi,
  );
  return Object.fromEntries(
    [...parts].map(([, how, words]) => [
      WORDS.find((word) => wordOf(word) === words),
      SAID[how!.toLowerCase()] ?? how,
    ]),
  ) as Said;
}
