// @vitest-environment node
import { afterEach, expect, test, vi } from 'vitest';
import { zoneHere, zonesWith } from './zones';

afterEach(() => void vi.restoreAllMocks());

/** What browsers have given: Firefox lists offsets and old names among the places. */
const PLACES = 'Africa/Abidjan America/New_York Asia/Calcutta Europe/London Pacific/Auckland UTC';
const OTHERS = 'CET EST5EDT Etc/GMT+5 Etc/Unknown Factory GMT US/Eastern';

test('only what the server keeps can be chosen', () => {
  vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(`${OTHERS} ${PLACES}`.split(' '));
  expect(zonesWith('Europe/London')).toEqual(PLACES.split(' '));
});

test('what is chosen can be shown, also where this browser does not know it', () => {
  for (const zone of ['Asia/Kolkata', 'Europe/Kyiv', 'UTC', 'America/Coyhaique'])
    expect(zonesWith(zone)).toContain(zone);
  expect(new Set(zonesWith('Asia/Kolkata')).size).toBe(zonesWith('Asia/Kolkata').length);
});

test.each([
  ['Europe/London', 'Europe/London'],
  ['America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
  ['UTC', 'UTC'],
  ['Etc/Unknown', null],
  ['Etc/UTC', null],
  ['+02:00', null],
  ['Etc/GMT-2', null],
  ['GMT', null],
  ['', null],
  [undefined, null],
])('a browser that says %s is at %s', (timeZone, here) => {
  vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({
    timeZone,
  } as Intl.ResolvedDateTimeFormatOptions);
  expect(zoneHere()).toBe(here);
});
