// @vitest-environment node
// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TINTS } from '../ui/initials';
import { colourRoles, contrast } from './contrast';

const roles = colourRoles(readFileSync(new URL('./tokens.css', import.meta.url), 'utf8'));

const FACES = Array.from({ length: TINTS }, (_, at) => `tint-${at + 1}`);

const WORDS: Record<string, string[]> = {
  text: [
    'bg',
    'surface',
    'sunk',
    'accent-soft',
    'warm-soft',
    'danger-soft',
    'mark',
    'self-wash',
    'team-wash',
    'system-wash',
    ...FACES,
  ],
  'text-muted': ['bg', 'surface', 'sunk', 'accent-soft', 'warm-soft'],
  accent: ['bg', 'surface', 'sunk', 'accent-soft'],
  'accent-strong': ['bg', 'surface', 'sunk', 'accent-soft'],
  'on-accent': ['accent', 'accent-strong'],
  warm: ['bg', 'surface', 'warm-soft'],
  danger: ['bg', 'surface', 'danger-soft'],
  self: ['bg', 'surface', 'sunk'],
  team: ['bg', 'surface', 'sunk'],
  system: ['bg', 'surface', 'sunk'],
};

const EDGES: Record<string, string[]> = {
  edge: ['bg', 'surface', 'sunk'],
  self: ['self-wash', 'surface'],
  team: ['team-wash', 'surface'],
  system: ['system-wash', 'surface'],
};

describe.each([
  ['words', WORDS, 4.5],
  ['edges', EDGES, 3],
] as const)('%s can be told from their ground', (_, pairs, least) => {
  const table = Object.entries(pairs).flatMap(([on, grounds]) =>
    grounds.flatMap((ground) => [[on, ground, 'light'] as const, [on, ground, 'dark'] as const]),
  );
  it.each(table)('%s on %s, %s', (on, ground, theme) => {
    expect(contrast(roles[on]![theme], roles[ground]![theme])).toBeGreaterThanOrEqual(least);
  });
});

it('gives nobody a face that stands out', () => {
  for (const theme of ['light', 'dark'] as const) {
    const strengths = FACES.map((face) => contrast(roles[face]![theme], roles.bg![theme]));
    expect(Math.max(...strengths) - Math.min(...strengths)).toBeLessThan(0.2);
  }
});

it('knows the two ends of the scale', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5);
});
