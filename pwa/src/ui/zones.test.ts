// @vitest-environment node
import { afterEach, expect, test, vi } from 'vitest';
import { zoneHere, zonesWith, zoneWords } from './zones';

afterEach(() => void vi.restoreAllMocks());

const at = (timeZone: string | undefined) =>
  vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({
    timeZone,
  } as Intl.ResolvedDateTimeFormatOptions);

/** What browsers have given: Firefox lists offsets and old names among the places. */
const PLACES = 'Africa/Abidjan America/New_York Asia/Calcutta Europe/London Pacific/Auckland UTC';
const OTHERS = 'CET EST5EDT Etc/GMT+5 Etc/Unknown Factory GMT US/Eastern';

test('only what the server keeps can be chosen', () => {
  vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(`${OTHERS} ${PLACES}`.split(' '));
  at('Etc/Unknown');
  expect(zonesWith('Europe/London')).toEqual(PLACES.split(' '));
});

test('where this phone is comes first, once, whatever is chosen', () => {
  vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(PLACES.split(' '));
  at('Europe/London');
  const others = PLACES.replace('Europe/London ', '').split(' ');
  expect(zonesWith('Pacific/Auckland')).toEqual(['Europe/London', ...others]);
});

test('a zone is written as one reads it', () => {
  expect(zoneWords('America/Argentina/Buenos_Aires')).toBe('America / Argentina / Buenos Aires');
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
  at(timeZone);
  expect(zoneHere()).toBe(here);
});
