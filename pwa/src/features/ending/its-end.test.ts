// @vitest-environment node
import { expect, it } from 'vitest';
import { itsEnd } from './its-end';

it.each([
  ['Europe/London', '2026-12-14T23:59:00Z', null],
  ['Europe/London', '2026-12-15T00:00:00Z', 'near'],
  ['Europe/London', '2027-01-12T23:59:00Z', 'near'],
  ['Europe/London', '2027-01-13T00:00:00Z', 'over'],
  // The day is that of the cohort, wherever the phone is.
  ['Pacific/Auckland', '2027-01-12T11:00:00Z', 'over'],
  ['America/New_York', '2027-01-13T04:59:00Z', 'near'],
])('a cohort of %s that ends on 12 January is, at %s: %s', (time_zone, now, is) => {
  expect(itsEnd({ ends_on: '2027-01-12', time_zone }, Date.parse(now))).toBe(is);
});

it('without a last day there is nothing to say', () => {
  expect(itsEnd({ ends_on: null, time_zone: 'Europe/London' })).toBeNull();
});
