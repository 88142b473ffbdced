/** Notes on this phone that no first screen asks for. */
import { device } from './device-database';

/** A note for whoever opens the app next, or null. It goes when the person leaves this phone. */
export async function readFact<T>(name: 'way'): Promise<T | null> {
  return ((await (await device()).get('facts', name)) as T | undefined) ?? null;
}

export async function writeFact(name: 'way', value: unknown): Promise<void> {
  const db = await device();
  await (value === null ? db.delete('facts', name) : db.put('facts', value, name));
}
