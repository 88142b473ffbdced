// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { Area, Noticing } from '../../api/shapes';
import { areasAt } from '../../ui/circles';
import { drawing, nearest, scatter, spots } from './dots';
import { closeness, mixes, share, throughTheWeek, weeksOf, type Told } from './look-back';
import { weekAreas, weekNoticings, weekTitle, wholeWords } from './look-back-words';
import { bedOf, river, WIDTH } from './river';

const now = new Date(2026, 10, 22, 15); // a Sunday
const told = (day: Date, areas: Area[], noticing: Noticing | null = null): Told => ({
  areas,
  noticing,
  written_at: day.toISOString(),
});
const nov = (day: number, ...areas: Area[]) => told(new Date(2026, 10, day, 12), areas);

describe('weeks', () => {
  it('come newest first, begin on Monday, and hold their reflections oldest first', () => {
    const weeks = weeksOf([nov(22, 'self'), nov(16, 'team'), nov(15, 'system')]);
    expect(weeks.map((week) => week.from.getDate())).toEqual([16, 9]);
    expect(weeks[0]!.items.map((item) => item.areas[0])).toEqual(['team', 'self']);
  });

  it('join what lies between into one pause', () => {
    const weeks = weeksOf([nov(22), told(new Date(2026, 9, 1), ['self'])]);
    expect(weeks.map((week) => week.items.length)).toEqual([1, 0, 1]);
    expect(weekTitle(weeks[1]!, now)).toBe('5 October to 15 November');
  });

  it('call a pause of one week by its Monday', () => {
    expect(weekTitle(weeksOf([nov(22), nov(8)])[1]!, now)).toBe('Week of 9 November');
  });

  it('go no further back than they are wanted', () => {
    const items = [nov(22), nov(20), nov(12), told(new Date(2026, 9, 1), []), nov(1)];
    expect(weeksOf(items, 2)).toEqual(weeksOf(items).slice(0, 2));
    let read = 0;
    const counted = Array.from({ length: 1000 }, (_, at) => ({
      areas: [],
      noticing: null,
      get written_at() {
        read += 1;
        return new Date(2026, 10, 22 - 7 * at, 12).toISOString();
      },
    }));
    expect(weeksOf(counted, 3)).toHaveLength(3);
    expect(read).toBeLessThan(10);
  });

  it('are none when nothing was written', () => expect(weeksOf([])).toEqual([]));

  it.each([
    [new Date(2026, 10, 16, 0), 0],
    [new Date(2026, 10, 19, 12), 0.5],
    [new Date(2026, 10, 22, 23), 0.994],
  ])('know how far through they are at %s', (at, far) =>
    expect(throughTheWeek(at)).toBeCloseTo(far, 2),
  );
});

describe('how areas met', () => {
  const items = [nov(1, 'self', 'team'), nov(2, 'self'), nov(3, 'system'), nov(4)];
  it('is a share, not a number', () => {
    expect(share(items, 'self')).toBe(0.5);
    expect(closeness(items, ['self', 'team'])).toBe(0.5);
    expect(closeness(items, ['team', 'system'])).toBe(0);
    expect(closeness([], ['team', 'system'])).toBe(0);
    expect(share([...items, ...items], 'self')).toBe(0.5);
  });

  it('names the mixes, the most frequent first, whatever the order of areas', () => {
    expect(mixes([nov(1, 'system'), nov(2, 'team', 'self'), nov(3, 'self', 'team')])[0]).toEqual([
      'team',
      'self',
    ]);
  });
});

describe('the river', () => {
  const apart = bedOf([nov(1, 'self'), nov(2, 'team'), nov(3, 'system')]);
  const widthOf = (bed: typeof apart) => bed.middle.system - bed.middle.self;

  it('keeps its streams in the drawing and in order, in every mix of areas', () => {
    const all: Area[][] = [
      [],
      ['self'],
      ['team'],
      ['system'],
      ['self', 'team'],
      ['team', 'system'],
      ['self', 'system'],
      ['self', 'team', 'system'],
    ];
    for (const mix of all) {
      const { middle, half } = bedOf([nov(1, ...mix)]);
      expect(middle.self).toBeLessThan(middle.team);
      expect(middle.team).toBeLessThan(middle.system);
      expect(middle.self - half.self).toBeGreaterThan(0);
      expect(middle.system + half.system).toBeLessThan(WIDTH);
    }
  });

  it('brings together what met', () => {
    const met = bedOf([nov(1, 'self', 'team')]);
    expect(met.middle.team - met.middle.self).toBeLessThan(apart.middle.team - apart.middle.self);
    expect(widthOf(bedOf([nov(1, 'self', 'system')]))).toBeLessThan(widthOf(apart));
  });

  it('lays each stone in its own week, among the streams it touched', () => {
    const { stones, height } = river(weeksOf([nov(22, 'self'), nov(9, 'self', 'system'), nov(10)]));
    expect(height).toBe(2);
    expect(stones.map(({ y }) => Math.floor(y))).toEqual([0, 1, 1]);
    expect(stones[2]!.x).toBeGreaterThan(90);
    expect(stones.map(({ item }) => item.areas.length)).toEqual([1, 2, 0]);
  });

  it('draws one closed shape for each stream', () => {
    const { streams } = river(weeksOf([nov(22, 'self'), nov(9, 'team'), nov(1, 'system')]));
    for (const path of Object.values(streams)) expect(path).toMatch(/^M.*Z$/);
    expect(Object.values(streams).join()).not.toContain('NaN');
  });
});

describe('the dots', () => {
  const all: Area[][] = [
    ['self'],
    ['team'],
    ['system'],
    ['self', 'team'],
    ['team', 'system'],
    ['self', 'system'],
    ['self', 'team', 'system'],
    [],
  ];

  it.each([1, 12, 150])('lie in their own region, %i of each', (times) => {
    const given = Array.from({ length: times }, () => all).flat();
    const { dots, radius } = scatter(given);
    dots.forEach((dot, at) => {
      if (given[at]!.length === 0) expect(dot).toBeNull();
      else expect(areasAt(dot!.x, dot!.y)).toEqual(given[at]);
    });
    expect(radius).toBeGreaterThan(0.2);
    expect(new Set(dots.map((dot) => dot && `${dot.x},${dot.y}`)).size).toBe(times * 7 + 1);
  });
});

describe('the dots of ten years', () => {
  const mixes: Area[][] = [['self'], ['team', 'system'], ['self', 'team', 'system']];

  it.each(mixes.map((mix) => [mix]))('have a place each where all touch %j', (mix) => {
    const given = Array.from({ length: 10_000 }, () => mix);
    const { dots, radius } = scatter(given);
    expect(new Set(dots.map((dot) => `${dot!.x},${dot!.y}`)).size).toBe(given.length);
    expect(radius).toBeGreaterThan(0);
  });

  /** A drawing that is stretched, and stands somewhere down the page. */
  const SCREEN = { a: 3, d: 5, e: 16, f: 200 };
  const onScreen = ({ x, y }: { x: number; y: number }) => ({ x: 3 * x + 16, y: 5 * y + 200 });

  it('are found by a finger, each from its own place', () => {
    const found = scatter(Array.from({ length: 300 }, (_, at) => mixes[at % 3]!));
    found.dots.forEach((dot, at) => expect(nearest(found.dots, SCREEN, onScreen(dot!))).toBe(at));
    expect(nearest(found.dots, SCREEN, onScreen({ x: 0, y: 0 }))).toBe(-1);
  });

  it('are few elements, which come one after the other', () => {
    const given = Array.from({ length: 10_000 }, (_, at) => mixes[at % 3]!);
    const counts: number[] = [];
    let shown: string[] = [];
    for (const _ of drawing(given, (paths) => (counts.push(paths.length), (shown = paths))));
    expect(counts).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(shown).toEqual(spots(scatter(given).dots));
    expect(shown.join('').match(/M/g)).toHaveLength(10_000);
  });
});

describe('the sentences', () => {
  it('say of a week what the drawing shows', () => {
    const week = [nov(16, 'self', 'team'), nov(17, 'team', 'self'), nov(18, 'system'), nov(19)];
    expect(weekAreas(week)).toBe('Self and team together. System.');
    expect(weekAreas([nov(1)])).toBe('Written without an area.');
    expect(weekAreas([])).toBe('');
  });

  it('name each noticing once, in the order it came', () => {
    const at = new Date(2026, 10, 20);
    expect(
      weekNoticings([
        told(at, [], 'stuck'),
        told(at, []),
        told(at, [], 'working'),
        told(at, [], 'stuck'),
      ]),
    ).toEqual(['stuck', 'working']);
  });

  it.each<[Told[], string]>([
    [[nov(1)], 'None of your reflections names an area so far.'],
    [
      [nov(1, 'self'), nov(2, 'self'), nov(3, 'team')],
      'You wrote most about self. No two areas have met in one reflection yet.',
    ],
    [
      [nov(1, 'self', 'team'), nov(2, 'self')],
      'You wrote most about self. Self and team met in the same reflection more than any others.',
    ],
    [
      [nov(1, 'self', 'team', 'system')],
      'Self, team and system come up about as often. Now and then all three came together.',
    ],
  ])('sum up %#', (items, words) => expect(wholeWords(items).join(' ')).toBe(words));

  it('count nobody', () => {
    const many = Array.from({ length: 30 }, (_, at) => nov((at % 20) + 1, 'self', 'team'));
    expect(wholeWords(many).join(' ') + weekAreas(many)).not.toMatch(/\d/);
  });
});
