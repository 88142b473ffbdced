/** What was begun for something goes with it. */
import { flushDrafts, rowsOf } from './drafts';
import { session } from './session.svelte';

export async function dropDrafts(key: string): Promise<void> {
  // What is on its way to the disk would come after.
  await flushDrafts();
  await session.phone.db.delete('drafts', rowsOf(key));
}
