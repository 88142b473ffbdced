/**
 * Three streams down the weeks. A stream widens when a week touched its area; two streams run
 * together, and their colours with them, when the same reflection touched both.
 */
import type { Area } from '../../api/shapes';
import { banks } from './banks';
import { closeness, PAIRS, share, throughTheWeek, type Told, type Week } from './look-back';

/** The drawing is 100 wide; every row is one high, so that it can be stretched to the rows of words beside it. */
export const WIDTH = 100;
const MIDDLE = WIDTH / 2;
/** How far apart the middles of neighbouring streams lie when they never meet. */
const APART = 29;
/** Half the width of a stream: a trickle always runs, and it never bursts. */
const TRICKLE = 1.2;
const FLOOD = 15;

export interface Bed {
  middle: Record<Area, number>;
  half: Record<Area, number>;
}

/** Where a reflection lies. */
export interface Stone<T extends Told = Told> {
  x: number;
  y: number;
  item: T;
}

export interface River<T extends Told = Told> {
  height: number;
  streams: Record<Area, string>;
  stones: Stone<T>[];
}

export function river<T extends Told>(weeks: readonly Week<T>[]): River<T> {
  const beds = weeks.map((week) => bedOf(week.items));
  const stream = (area: Area) => pathOf(beds, area);
  return {
    height: weeks.length,
    streams: { self: stream('self'), team: stream('team'), system: stream('system') },
    stones: weeks.flatMap((week, row) => stonesOf(week, row, beds[row] as Bed)),
  };
}

/** Where the three streams lie in one week, and how wide they are. */
export function bedOf(items: readonly Told[]): Bed {
  const selfTeam = APART * (1 - 0.75 * closeness(items, PAIRS['self-team']));
  const teamSystem = APART * (1 - 0.75 * closeness(items, PAIRS['team-system']));
  // When self and system meet, team in between is carried along: the three cannot cross.
  const meet = 1 - 0.6 * closeness(items, PAIRS['self-system']);
  const left = selfTeam * meet;
  const right = teamSystem * meet;
  const shift = (left - right) / 2;
  return {
    middle: { self: MIDDLE + shift - left, team: MIDDLE + shift, system: MIDDLE + shift + right },
    half: { self: half(items, 'self'), team: half(items, 'team'), system: half(items, 'system') },
  };
}

/** A share of the week, not a number of reflections: writing more is not more river. */
function half(items: readonly Told[], area: Area): number {
  return TRICKLE + (FLOOD - TRICKLE) * Math.sqrt(share(items, area));
}

function pathOf(beds: readonly Bed[], area: Area): string {
  const rows = beds.map((bed, row) => ({ bed, y: row + 0.5 }));
  const first = beds[0];
  const last = beds[beds.length - 1];
  if (!first || !last) return '';
  const points = [{ bed: first, y: 0 }, ...rows, { bed: last, y: beds.length }];
  return banks(
    points.map(({ bed, y }) => ({
      y,
      left: bed.middle[area] - bed.half[area],
      right: bed.middle[area] + bed.half[area],
    })),
  );
}

/** A stone lies in the middle of the streams that its reflection touched; one without an area lies on the bank. */
function stonesOf<T extends Told>(week: Week<T>, row: number, bed: Bed): Stone<T>[] {
  return week.items.map((item) => ({
    x: item.areas.length === 0 ? WIDTH - 1.5 : mean(item.areas.map((area) => bed.middle[area])),
    // Newest is above: the week runs upwards. A margin keeps its stones clear of the next week's.
    y: row + 0.9 - 0.8 * throughTheWeek(new Date(item.written_at)),
    item,
  }));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
