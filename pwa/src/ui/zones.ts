/** Time zones that people may choose: places, and UTC. The server takes every other name for one of these, or for none. */
const AREAS = 'Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific';
const PLACE = new RegExp(`^(?:(?:${AREAS})/|UTC$)`);

const isPlace = (zone: string | undefined): zone is string => PLACE.test(zone ?? '');

/** Where this browser says it is; null where it names no place, such as "Etc/Unknown" or an offset. */
export function zoneHere(): string | null {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return isPlace(timeZone) ? timeZone : null;
}

/** All that can be chosen, and in any case the one that is. */
export function zonesWith(chosen: string): string[] {
  const known = Intl.supportedValuesOf('timeZone').filter(isPlace);
  return known.includes(chosen) ? known : [chosen, ...known];
}
