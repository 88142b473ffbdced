/** For tests: a reflection in which everything is said, as the server tells of it. */
import type { ReflectionOut } from '../api/shapes';
import { ME, OTHER } from './pretend-server';

export function someReflection(change: Partial<ReflectionOut> = {}): ReflectionOut {
  return {
    id: 'one',
    cohort_id: 'rowan',
    author: ME,
    text: 'I waited.',
    areas: ['self'],
    noticing: 'shifted',
    stretch: 'stretching',
    prompt_id: null,
    audience: 'people',
    shared_with: [OTHER],
    reached: (change.shared_with ?? [OTHER]).length,
    written_at: '2026-11-20T10:00:00Z',
    changed_at: '2026-11-20T10:00:00Z',
    version: 1,
    mine: true,
    ...change,
  };
}
