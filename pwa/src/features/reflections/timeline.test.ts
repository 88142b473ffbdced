// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import {
  aYearAgo,
  EVERYTHING,
  Finder,
  folding,
  grouped,
  groupOf,
  monthsOf,
  weekNumber,
  wished,
  type Wish,
} from './timeline';

const now = new Date(2026, 10, 22, 15); // a Sunday
const at = (written: Date, text = 'a line') => ({
  text,
  areas: ['self' as const, 'team' as const],
  noticing: 'stuck' as const,
  written_at: written.toISOString(),
  audience: 'me' as 'me' | 'people',
});
const all: Wish = EVERYTHING;

describe('headings', () => {
  it.each([
    [new Date(2026, 10, 22, 0, 5), 'today'],
    [new Date(2026, 10, 23, 9), 'today'], // a clock that runs ahead
    [new Date(2026, 10, 21, 23, 59), 'yesterday'],
    [new Date(2026, 10, 16, 9), 'week'],
    [new Date(2026, 10, 15, 9), 'last_week'],
    [new Date(2026, 10, 9, 9), 'last_week'],
    [new Date(2026, 10, 8, 9), '2026-11'],
    [new Date(2025, 9, 8, 9), '2025-10'],
  ])('%s', (written, when) => expect(groupOf(written, now)).toBe(when));

  it('keep what belongs together together', () => {
    const groups = grouped(
      [at(new Date(2026, 10, 22, 9)), at(new Date(2026, 10, 22, 8)), at(new Date(2026, 9, 1))],
      now,
    );
    expect(groups.map((group) => [group.when, group.items.length])).toEqual([
      ['today', 2],
      ['2026-10', 1],
    ]);
  });

  it('begin a week on Monday', () => {
    expect(weekNumber(new Date(2026, 10, 23))).toBe(weekNumber(new Date(2026, 10, 22)) + 1);
  });
});

describe('what is looked for', () => {
  const item = at(now, 'We met in the Café');
  it.each<[Partial<Wish>, boolean]>([
    [{}, true],
    [{ query: 'cafe' }, true],
    [{ query: 'tea' }, false],
    [{ areas: ['self'] }, true],
    [{ areas: ['self', 'system'] }, false],
    [{ noticing: 'stuck' }, true],
    [{ noticing: 'working' }, false],
    [{ seenBy: 'me' }, true],
    [{ seenBy: 'shared' }, false],
    [{ month: '2026-11' }, true],
    [{ month: '2025-11' }, false],
  ])('%j → %s', (wish, is) => expect(wished({ ...all, ...wish })(item)).toBe(is));
});

it('what others see is found as shared, with whomever', () => {
  const shared = { ...at(now), audience: 'people' as const };
  const found = (seenBy: Wish['seenBy']) => wished({ ...all, seenBy })(shared);
  expect([found('shared'), found('me'), found(null)]).toEqual([true, false, true]);
});

it('months to choose from are those in which something was written, each once', () => {
  const days = [now, new Date(2026, 10, 1), new Date(2026, 9, 31, 23), new Date(2025, 10, 3)];
  expect(monthsOf(days.map((day) => at(day)))).toEqual(['2026-11', '2026-10', '2025-11']);
});

describe('a month or a year that is named', () => {
  const items = [
    at(new Date(2026, 10, 22), 'this month'),
    at(new Date(2025, 10, 1), 'a year ago'),
    at(new Date(2026, 4, 3), 'in spring'),
    at(new Date(2025, 2, 3), 'since November 2019'),
    at(new Date(2025, 2, 4), 'maybe'),
  ];
  it.each([
    ['november', [0, 1, 3]],
    ['November 2025', [1, 3]],
    ['2025 NOVEMBER ago', [1]],
    ['2026', [0, 2]],
    ['may', [2, 4]],
    ['nov', [3]],
    ['202', []],
    ['month 2025', []],
  ])('%s → %j', (query, places) => {
    const found = items.filter(wished({ ...all, query }));
    expect(found).toEqual(places.map((place) => items[place]));
  });

  it('is found also where what was typed before is in no text of it', () => {
    const finder = new Finder<(typeof items)[number]>();
    const counts = ['m', 'ma', 'may', 'mayb', 'may', 'may 2026', 'may 202'].map(
      (query) => finder.find(items, items.length, { ...all, query }).length,
    );
    expect(counts).toEqual([3, 1, 2, 1, 2, 1, 0]);
  });
});

it('folds each text once, with pauses', () => {
  const items = Array.from({ length: 120 }, (_, n) => at(now, `Café ${n}`));
  const told: number[] = [];
  const steps = [...folding(items, (count) => told.push(count))];
  expect([steps.length, told]).toEqual([2, [50, 100, Infinity]]);
  const normalize = vi.spyOn(String.prototype, 'normalize');
  const isIt = wished({ ...all, query: 'cafe' });
  normalize.mockClear();
  expect(items.filter(isIt)).toHaveLength(120);
  expect(normalize).not.toHaveBeenCalled();
  normalize.mockRestore();
});

describe('as one types', () => {
  const texts = ['kettle', 'key', 'Café', 'tea', 'the kettle is on', 'keen'];
  const areas = [['self'], ['self', 'team'], []] as const;
  const many = Array.from({ length: 60 }, (_, n) => ({
    ...at(now, texts[n % 6]),
    areas: [...areas[n % 3]!],
    noticing: n % 4 ? ('stuck' as const) : null,
    audience: n % 5 ? ('me' as const) : ('people' as const),
    written_at: new Date(2026, 10 - (n % 2), 9).toISOString(),
  }));

  it('is found what looking anew would find', () => {
    const finder = new Finder<(typeof many)[number]>();
    const wishes: [number, Partial<Wish>][] = [
      [60, { query: 'k' }],
      [60, { query: 'ke' }],
      [60, { query: 'kett' }],
      [60, { query: 'kett on' }],
      [60, { query: 'ke' }],
      [60, { query: 'ke', areas: ['self'] }],
      [60, { query: 'ke', areas: ['self', 'team'] }],
      [60, { query: 'ke', areas: ['team'], noticing: 'stuck' }],
      [60, { query: 'ke' }],
      [60, { query: 'ke', seenBy: 'me' }],
      [60, { query: 'ke', seenBy: 'shared' }],
      [60, { query: 'ke', seenBy: 'shared', month: '2026-11' }],
      [60, { query: 'ke', seenBy: 'shared', month: '2026-10' }],
      [60, { query: '', areas: ['self'] }],
      [10, { query: 'ke', areas: ['self'] }],
      [30, { query: 'ke', areas: ['self'] }],
      [40, { query: 'ket', areas: ['self'] }],
      [Infinity, { query: 'ket' }],
      [Infinity, { query: 'kea' }],
      [Infinity, { query: '' }],
    ];
    for (const [count, wish] of wishes) {
      const anew = many.slice(0, count).filter(wished({ ...all, ...wish }));
      expect(finder.find(many, count, { ...all, ...wish })).toEqual(anew);
    }
    const fewer = many.slice(7);
    const wish = { ...all, query: 'kea' };
    expect(finder.find(fewer, 60, wish)).toEqual([]);
    expect(finder.find(many, 60, { ...all, query: 'ke' })).toHaveLength(40);
  });

  it('only what was found is looked through for one letter more, and only what has come', () => {
    let looked = 0;
    const counted = many.map((one) => ({
      ...one,
      get noticing() {
        looked += 1;
        return 'stuck' as const;
      },
    }));
    const finder = new Finder<(typeof counted)[number]>();
    const looksFor = (query: string, count: number) => {
      looked = 0;
      finder.find(counted, count, { ...all, query, noticing: 'stuck' });
      return looked;
    };
    const counts = [looksFor('ket', 40), looksFor('ket', 60), looksFor('kett', 60)];
    expect(counts).toEqual([40, 13 + 20, 20]);
  });

  it('the wish is looked at once, not for each of many', () => {
    let looked = 0;
    const watched = new Proxy<Wish['areas']>(['self'], {
      get: (array, name) => {
        looked += 1;
        return Reflect.get(array, name) as unknown;
      },
    });
    const isIt = wished({ ...all, areas: watched });
    const before = looked;
    many.forEach(isIt);
    expect(looked).toBe(before);
  });
});

describe('a year ago', () => {
  it('finds the very day first', () => {
    const items = [at(new Date(2025, 10, 23, 9)), at(new Date(2025, 10, 22, 9), 'that day')];
    expect(aYearAgo(items, now)).toMatchObject({ isToday: true, item: { text: 'that day' } });
  });

  it('is content with the same week', () => {
    expect(aYearAgo([at(new Date(2025, 10, 19, 9))], now)?.isToday).toBe(false);
  });

  it('says nothing when there was nothing', () => {
    expect(aYearAgo([at(new Date(2025, 9, 19)), at(now)], now)).toBeNull();
  });
});
