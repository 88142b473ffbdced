export const AREAS = ['self', 'team', 'system'] as const;
export type Area = (typeof AREAS)[number];

/** The signature drawing in a frame of 100 × 94: self above, team and system below, each overlapping both others. */
export const FRAME = { width: 100, height: 94 };
export const RADIUS = 31;
export const CENTRES: Record<Area, { x: number; y: number }> = {
  self: { x: 50, y: 32 },
  team: { x: 32, y: 62 },
  system: { x: 68, y: 62 },
};

/** The circles in which a point of the frame lies: none, one, two or all three. */
export function areasAt(x: number, y: number): Area[] {
  return AREAS.filter((area) => Math.hypot(x - CENTRES[area].x, y - CENTRES[area].y) <= RADIUS);
}

/** What a tap there makes of the choice: a lobe turns its own area on or off, an overlap all of its areas together. */
export function toggled(chosen: readonly Area[], tapped: readonly Area[]): Area[] {
  const off = tapped.every((area) => chosen.includes(area));
  return AREAS.filter((area) => (tapped.includes(area) ? !off : chosen.includes(area)));
}
