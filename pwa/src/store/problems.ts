/** What can go wrong between a person's words and the phone's disk. */

/** Nobody is signed in on this phone, so there is no store to write to. */
export class NobodySignedIn extends Error {}

/** The disk, or this site's share of it, is full. Nothing was written; the text is still in the field. */
export class PhoneIsFull extends Error {}

/** Another tab runs a newer version of the app and has changed the store: reload to go on. */
export class StoreIsNewer extends Error {}

/** Run a write; what the browser says in its own words comes out as one of the above. */
export async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const name = (error as { name?: string } | null)?.name;
    if (name === 'QuotaExceededError') throw new PhoneIsFull('', { cause: error });
    if (name === 'VersionError') throw new StoreIsNewer('', { cause: error });
    throw error;
  }
}

/** Whatever goes wrong inside (also in our own code), either all of the transaction is written or none of it. */
export async function allOrNothing<T>(
  transaction: { done: Promise<void>; abort(): void },
  work: () => Promise<T>,
): Promise<T> {
  const finished = transaction.done;
  finished.catch(() => undefined);
  try {
    const answer = await work();
    await finished;
    return answer;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself already.
    }
    throw error;
  }
}
