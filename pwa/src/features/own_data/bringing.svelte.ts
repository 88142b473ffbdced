/** Bringing back what was taken along: the file goes to the server as it is, and the phone keeps none of it. */
import type { BroughtBackOut, Refusal } from '../../api/shapes';
import { askFor } from '../../store/asking';
import { connection } from '../../store/connection.svelte';
import { session } from '../../store/session.svelte';

const PATH = '/api/me/imports';
/** What the server takes at most, in bytes; of a larger one it hears nothing. */
export const LARGEST = 16 * 1024 * 1024;
/** As long as the server waits for a file, in ms. */
const PATIENCE = 300_000;

export class Bringing {
  isBusy = $state(false);
  /** What came of the last one. */
  came = $state.raw<BroughtBackOut | null>(null);
  problem = $state.raw<Refusal | null>(null);
  isTooLarge = $state(false);
  /** The server could not be asked, or its answer did not come. */
  isUnheard = $state(false);

  /** Another file is chosen: what was said was of the one before. */
  forget(): void {
    this.came = this.problem = null;
    this.isTooLarge = this.isUnheard = false;
  }

  /** Never throws. */
  async bring(chosen: File): Promise<void> {
    this.forget();
    this.isTooLarge = chosen.size > LARGEST;
    if (this.isTooLarge) return;
    this.isBusy = true;
    const file = new Blob([chosen], { type: 'application/zip' });
    const answer = await askFor<BroughtBackOut>(session.phone, 'POST', PATH, {
      file,
      patience: PATIENCE,
    });
    this.isBusy = false;
    this.isUnheard = answer.kind === 'unreachable';
    if (answer.kind === 'refused') this.problem = answer.refusal;
    if (answer.kind !== 'ok') return;
    this.came = answer.data;
    connection.send(true); // what is new there is fetched with it
  }
}
