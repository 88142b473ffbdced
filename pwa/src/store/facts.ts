/** Notes on this phone that no first screen asks for. */
import { device } from './device-database';

/** Where a tapped notification leads; what the operator says of help. */
type Fact = 'way' | 'help';

/** A note for whoever opens the app next, or null. When the person leaves this phone, only `help` stays. */
export async function readFact<T>(name: Fact): Promise<T | null> {
  return ((await (await device()).get('facts', name)) as T | undefined) ?? null;
}

export async function writeFact(name: Fact, value: unknown): Promise<void> {
  const db = await device();
  await (value === null ? db.delete('facts', name) : db.put('facts', value, name));
}
