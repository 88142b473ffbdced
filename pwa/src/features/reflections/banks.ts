/**
 * Two smooth lines down a drawing, and what lies between them. A line never swings further than its points: between
 * two of them it only goes one way, so what is drawn is never wider than what was counted.
 */
export interface Crossing {
  y: number;
  left: number;
  right: number;
}

interface Point {
  x: number;
  y: number;
}

/** The closed shape as a path: down the right bank, up the left one. */
export function banks(crossings: readonly Crossing[]): string {
  const down = crossings.map(({ y, right }) => ({ x: right, y }));
  const up = crossings.map(({ y, left }) => ({ x: left, y })).toReversed();
  return `M${smooth(down)}L${smooth(up)}Z`;
}

/** Cubic curves from each point to the next. */
function smooth(points: readonly Point[]): string {
  const lean = points.map((_, at) => leanAt(points, at));
  return points
    .map(({ x, y }, at) => {
      const before = points[at - 1];
      if (!before) return written(x, y);
      const third = (y - before.y) / 3;
      const from = written(before.x + lean[at - 1]! * third, before.y + third);
      return `C${from} ${written(x - lean[at]! * third, y - third)} ${written(x, y)}`;
    })
    .join('');
}

/** How far a line leans at a point: upright where it turns back, else the harmonic mean of what it does on both sides. */
function leanAt(points: readonly Point[], at: number): number {
  const above = slope(points[at - 1], points[at]);
  const below = slope(points[at], points[at + 1]);
  return above * below > 0 ? (2 * above * below) / (above + below) : 0;
}

/** Nothing before the first point and after the last: there a line stands upright. */
function slope(from: Point | undefined, to: Point | undefined): number {
  return from && to ? (to.x - from.x) / (to.y - from.y) : 0;
}

const written = (...numbers: number[]): string =>
  numbers.map((number) => Number(number.toFixed(3))).join(' ');
