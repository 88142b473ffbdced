/** The reflections as dots in the three circles, each in the region of the areas that it touches. */
import type { Area } from '../../api/shapes';
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

/** Every dot has room of its own; when there are many, all become smaller. */
export function scatter(mixes: readonly (readonly Area[])[]): Scatter {
  for (let gap = 7; gap > 0.7; gap *= 0.88) {
    const dots = placed(mixes, gap);
    if (dots) return { dots, radius: gap * 0.26 };
  }
  return { dots: mixes.map(() => null), radius: 0 };
}

/** Null when the gap is too wide for all of them to find a place. */
function placed(mixes: readonly (readonly Area[])[], gap: number): (Dot | null)[] | null {
  const places = placesFor(gap);
  const dots: (Dot | null)[] = [];
  for (const mix of mixes) {
    const place = mix.length === 0 ? null : places.get(keyOf(mix))?.pop();
    if (place === undefined) return null;
    dots.push(place);
  }
  return dots;
}

/** Free places of each region on a honeycomb, those nearest to the region's own middle last (they are taken first). */
function placesFor(gap: number): Map<string, Dot[]> {
  const places = new Map<string, Dot[]>();
  const rise = (gap * Math.sqrt(3)) / 2;
  for (let row = 0; row * rise < FRAME.height; row += 1) {
    for (let x = row % 2 ? gap / 2 : 0; x < FRAME.width; x += gap) {
      const dot = { x, y: row * rise };
      const region = areasAt(dot.x, dot.y);
      if (region.length === 0 || nearestEdge(dot) < gap * 0.45) continue;
      const key = keyOf(region);
      places.set(key, [...(places.get(key) ?? []), dot]);
    }
  }
  for (const dots of places.values()) fromTheMiddle(dots);
  return places;
}

function fromTheMiddle(dots: Dot[]): void {
  const x = dots.reduce((sum, dot) => sum + dot.x, 0) / dots.length;
  const y = dots.reduce((sum, dot) => sum + dot.y, 0) / dots.length;
  dots.sort((a, b) => Math.hypot(b.x - x, b.y - y) - Math.hypot(a.x - x, a.y - y));
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
