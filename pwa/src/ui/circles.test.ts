// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { areasAt, AREAS, CENTRES, FRAME, RADIUS, toggled, type Area } from './circles';

describe('the three circles', () => {
  it('lie inside the frame', () => {
    for (const area of AREAS) {
      const { x, y } = CENTRES[area];
      expect(x - RADIUS).toBeGreaterThan(0);
      expect(x + RADIUS).toBeLessThan(FRAME.width);
      expect(y - RADIUS).toBeGreaterThan(0);
      expect(y + RADIUS).toBeLessThan(FRAME.height);
    }
  });

  it.each([
    [50, 10, ['self']],
    [12, 72, ['team']],
    [88, 72, ['system']],
    [37, 44, ['self', 'team']],
    [50, 72, ['team', 'system']],
    [50, 52, ['self', 'team', 'system']],
    [2, 2, []],
  ])('a point at %i, %i', (x, y, areas) => expect(areasAt(x, y)).toEqual(areas));
});

describe('a tap', () => {
  it.each<[Area[], Area[], Area[]]>([
    [[], ['self'], ['self']],
    [['self'], ['self'], []],
    [['system'], ['self'], ['self', 'system']],
    [['self'], ['self', 'team'], ['self', 'team']],
    [['self', 'team', 'system'], ['self', 'team'], ['system']],
    [[], ['self', 'team', 'system'], ['self', 'team', 'system']],
  ])('%j and a tap on %j → %j', (chosen, tapped, after) =>
    expect(toggled(chosen, tapped)).toEqual(after),
  );
});
