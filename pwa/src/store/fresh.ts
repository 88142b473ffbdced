/** What has just come and was put away, for the screens of this tab: what it holds in its hands it need not read again. */
import type { ReflectionChange } from '../api/shapes';
import type { Phone } from './database';
import type { KeptItem } from './items';

/** In the phone's database as it stands here; nothing of it was deleted. */
export interface Fresh {
  phone: Phone;
  changes: readonly ReflectionChange[];
}

const here = new Set<(fresh: Fresh) => void>();

export function tellOfFresh(fresh: Fresh): void {
  here.forEach((hear) => hear(fresh));
}

/** Listen; call the answer to stop. */
export function listenForFresh(hear: (fresh: Fresh) => void): () => void {
  here.add(hear);
  return () => here.delete(hear);
}

/** Laid over all that is shown. What was done here since, or heard from elsewhere, is newer. */
export function laidOver<T>(all: readonly KeptItem<T>[], { changes }: Fresh): KeptItem<T>[] {
  const came = new Map(changes.map((change) => [change.id, change]));
  const rest = all.filter(({ id, row, version }) => {
    const change = came.get(id);
    const stays = !change || row !== null || (version ?? 0) >= change.version;
    if (stays) came.delete(id);
    return stays;
  });
  const items = [...came.values()].map(({ id, version, reflection }) => ({
    id,
    version,
    value: reflection as T,
    row: null,
  }));
  return [...rest, ...items];
}
