/** The reflections as dots in the three circles, each in the region of the areas that it touches. */
import type { Area } from '../../api/shapes';
import { now, type Steps } from '../../core/steps';
import { areasAt, AREAS, CENTRES, FRAME, RADIUS } from '../../ui/circles';

export interface Dot {
  x: number;
  y: number;
}

export interface Scatter {
  /** In the order in which the areas were given; null for those that touch none. */
  dots: (Dot | null)[];
  radius: number;
}

/**
 * As paths of lines of no length: round ends make dots of them, and years of them are a few elements.
 * Each can be put on the screen by itself.
 */
export function spots(dots: readonly (Dot | null)[]): string[] {
  const drawn = dots.filter((dot) => dot !== null);
  return Array.from({ length: Math.ceil(drawn.length / A_PATH) }, (_, at) =>
    drawn
      .slice(at * A_PATH, (at + 1) * A_PATH)
      .map(({ x, y }) => `M${x.toFixed(2)} ${y.toFixed(3)}h0`)
      .join(''),
  );
}

const A_PATH = 500;

/** As near as a finger comes to it, in CSS pixels. */
const NEAR = 24;

/**
 * Which of the dots of a drawing lies nearest to a place on the screen; -1 where none is near.
 * @param onScreen where a place of the drawing is on the screen (`getScreenCTM`)
 */
export function nearest(
  dots: readonly (Dot | null)[],
  onScreen: Pick<DOMMatrix, 'a' | 'd' | 'e' | 'f'>,
  { x, y }: Dot,
): number {
  let best = { at: -1, away: NEAR };
  for (const [at, dot] of dots.entries()) {
    if (!dot) continue;
    const away = Math.hypot(
      onScreen.a * dot.x + onScreen.e - x,
      onScreen.d * dot.y + onScreen.f - y,
    );
    if (away < best.away) best = { at, away };
  }
  return best.at;
}

/** A tap on a drawing opens what lies nearest. Without eyes or fingers each is reached through its week. */
export function opensNearest(
  dots: () => readonly (Dot | null)[],
  open: (at: number) => void,
): (svg: SVGSVGElement) => () => void {
  return (svg) => {
    const tap = ({ clientX: x, clientY: y }: MouseEvent) => {
      const at = nearest(dots(), svg.getScreenCTM()!, { x, y });
      if (at >= 0) open(at);
    };
    svg.addEventListener('click', tap);
    return () => svg.removeEventListener('click', tap);
  };
}

/** Every dot has room of its own; when there are many, all become smaller. */
export function scatter(mixes: readonly (readonly Area[])[]): Scatter {
  return now(scattering(mixes));
}

/** As `scatter`, in steps: with years of them a phone would stand still for it. */
export function* scattering(mixes: readonly (readonly Area[])[]): Steps<Scatter> {
  const wanted = mixes.map((mix) => (mix.length === 0 ? null : keyOf(mix)));
  const counts = countsOf(wanted);
  /** The last gap that was too wide, and how many times too few places there were. */
  let former = { gap: 7, lack: 0 };
  yield;
  for (let gap = 7; gap > SMALLEST; gap *= 0.88) {
    if (isTooWide(gap, former)) continue;
    const places = yield* placesFor(gap);
    const lacks = [...counts].map(([key, count]) => count / (places.get(key)?.length ?? 0.5));
    const lack = Math.max(0, ...lacks);
    if (lack > 1) {
      former = { gap, lack };
      continue;
    }
    for (const key of counts.keys()) {
      places.set(key, fromTheMiddle(places.get(key)!));
      yield;
    }
    const dots = wanted.map((key) => (key === null ? null : places.get(key)!.pop()!));
    return { dots, radius: gap * 0.26 };
  }
  return { dots: mixes.map(() => null), radius: 0 };
}

/** Find places for all, and put them on the screen a path at a time. */
export function* drawing(
  mixes: readonly (readonly Area[])[],
  draw: (paths: string[], found: Scatter) => void,
): Steps<void> {
  const found = yield* scattering(mixes);
  const paths = spots(found.dots);
  for (let count = 1; count <= paths.length; count += 1) {
    yield;
    draw(paths.slice(0, count), found);
  }
}

/** Ten thousand that touch the same areas have room at this. */
const SMALLEST = 0.2;

/** Whether it need not be tried: places are as many as their cells, and along the edges at most a few times more. */
const isTooWide = (gap: number, former: { gap: number; lack: number }): boolean =>
  former.gap < 4 && 2.5 * (former.gap / gap) ** 2 < former.lack;

function countsOf(keys: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Free places of each region on a honeycomb. */
function* placesFor(gap: number): Steps<Map<string, Dot[]>> {
  const places = new Map<string, Dot[]>();
  const rise = (gap * Math.sqrt(3)) / 2;
  for (let row = 0; row * rise < FRAME.height; row += 1) {
    for (let x = row % 2 ? gap / 2 : 0; x < FRAME.width; x += gap) {
      const dot = { x, y: row * rise };
      const region = areasAt(dot.x, dot.y);
      if (region.length === 0 || nearestEdge(dot) < gap * 0.45) continue;
      const key = keyOf(region);
      const dots = places.get(key);
      if (dots) dots.push(dot);
      else places.set(key, [dot]);
    }
    yield;
  }
  return places;
}

/** Those nearest to the region's own middle last: they are taken first. */
function fromTheMiddle(dots: readonly Dot[]): Dot[] {
  const x = dots.reduce((sum, dot) => sum + dot.x, 0) / dots.length;
  const y = dots.reduce((sum, dot) => sum + dot.y, 0) / dots.length;
  const far = dots.map((dot) => ({ dot, away: Math.hypot(dot.x - x, dot.y - y) }));
  return far.toSorted((a, b) => b.away - a.away).map(({ dot }) => dot);
}

function nearestEdge(dot: Dot): number {
  const distances = AREAS.map((area) =>
    Math.abs(Math.hypot(dot.x - CENTRES[area].x, dot.y - CENTRES[area].y) - RADIUS),
  );
  return Math.min(...distances);
}

function keyOf(areas: readonly Area[]): string {
  return AREAS.filter((area) => areas.includes(area)).join();
}
