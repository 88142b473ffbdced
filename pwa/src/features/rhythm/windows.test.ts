import { describe, expect, it } from 'vitest';
import { hoursWords } from './words';
import { spans, WEEK } from '../../i18n/weekdays';
import { gathered, isOvernight, spread, type Hours } from './windows';

const DAILY: Hours = { opens: '07:00', closes: '21:00', weekdays: [...WEEK] };
const NIGHTS: Hours = { opens: '20:00', closes: '02:00', weekdays: [4, 5] };

describe('windows of the week', () => {
  it('are gathered by their hours, and spread again without loss', () => {
    expect(gathered(spread([DAILY, NIGHTS]))).toEqual([DAILY, NIGHTS]);
    expect(gathered([])).toEqual([]);
  });

  it('are each there once', () => {
    expect(spread([DAILY, { ...DAILY, weekdays: [0] }])).toHaveLength(7);
  });

  it('are none without a day', () => {
    expect(spread([{ ...DAILY, weekdays: [] }])).toEqual([]);
  });

  it('may go on past midnight', () => {
    expect([isOvernight(NIGHTS), isOvernight(DAILY)]).toEqual([true, false]);
    expect(isOvernight({ opens: '09:00', closes: '09:00' })).toBe(true);
  });

  it.each([
    [
      [0, 1, 2, 4],
      [
        [0, 2],
        [4, 4],
      ],
    ],
    [[6], [[6, 6]]],
    [[], []],
  ])('%j are the spans %j', (days, expected) => {
    expect(spans(days)).toEqual(expected);
  });
});

describe('in words', () => {
  it.each<[Hours, string]>([
    [DAILY, 'Every day, 07:00 to 21:00'],
    [{ ...DAILY, weekdays: [0, 1, 2, 3, 4] }, 'Monday to Friday, 07:00 to 21:00'],
    [{ ...DAILY, weekdays: [0, 2] }, 'Monday and Wednesday, 07:00 to 21:00'],
    [NIGHTS, 'Friday and Saturday, 20:00 to 02:00 the next day'],
    [{ ...DAILY, weekdays: [2] }, 'Wednesday, 07:00 to 21:00'],
  ])('%#', (hours, words) => {
    expect(hoursWords(hours)).toBe(words);
  });
});
