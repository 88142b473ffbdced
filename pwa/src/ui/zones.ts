/** Time zones that people may choose: places, and UTC. The server takes every other name for one of these, or for none. */
const AREAS = 'Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific';
const PLACE = new RegExp(`^(?:(?:${AREAS})/|UTC$)`);

const isPlace = (zone: string | undefined): zone is string => PLACE.test(zone ?? '');

/** Where this browser says it is; null where it names no place, such as "Etc/Unknown" or an offset. */
export function zoneHere(): string | null {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return isPlace(timeZone) ? timeZone : null;
}

/** All that can be chosen, and in any case the one that is. The one where this phone is comes first: mostly it is meant. */
export function zonesWith(chosen: string): string[] {
  const here = zoneHere();
  const known = Intl.supportedValuesOf('timeZone').filter(isPlace);
  return [
    ...new Set([...(here ? [here] : []), ...(known.includes(chosen) ? [] : [chosen]), ...known]),
  ];
}

/** A zone as one reads it: "America / New York". */
export const zoneWords = (zone: string): string => zone.replaceAll('_', ' ').replaceAll('/', ' / ');
