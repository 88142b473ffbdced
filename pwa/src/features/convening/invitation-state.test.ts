// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { InvitationOut } from '../../api/shapes';
import { expiryIn, stateOf } from './invitation-state';

const now = new Date('2026-11-22T10:00:00Z');
const open: InvitationOut = {
  id: 'i',
  name: null,
  role: 'participant',
  by_mail: false,
  can_be_shown: true,
  expires_at: '2026-11-23T00:00:00Z',
  uses: 3,
  used: 2,
  revoked_at: null,
  created_at: '2026-11-01T00:00:00Z',
  created_by: { id: 'p', name: 'Björn' },
};

describe('an invitation', () => {
  it.each([
    ['open', {}],
    ['over', { expires_at: '2026-11-22T10:00:00Z' }],
    ['full', { used: 3 }],
    ['full', { used: 3, expires_at: '2026-11-01T00:00:00Z' }],
    ['revoked', { created_by: null }],
    ['revoked', { revoked_at: '2026-11-02T00:00:00Z', used: 3 }],
  ])('is %s with %o', (state, change) => {
    expect(stateOf({ ...open, ...change }, now)).toBe(state);
  });
});

it('lasts until the end of its last day, where the person is', () => {
  expect(expiryIn(7, now)).toBe('2026-11-29T23:59:59.000Z');
  // Clocks go forward on 29 March 2026: still the end of that day.
  expect(expiryIn(14, new Date('2026-03-20T10:00:00Z'))).toBe('2026-04-03T22:59:59.000Z');
});
