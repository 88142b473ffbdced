/** Who runs this installation, and to whom people can turn: nobody's own, and there for strangers, without signal too. */
import { ask } from '../api/client';
import type { HelpOut } from '../api/shapes';
import { readFact, writeFact } from './facts';

class Operator {
  /** As the server last said it; null while this phone does not know. */
  said = $state.raw<HelpOut | null>(null);
  /** The server could not be asked just now. */
  isUnheard = $state(false);

  /** Show this phone's copy, then ask. Never throws. */
  async load(): Promise<void> {
    // Storage may be closed to us; then it is as if nothing were kept.
    const kept = await readFact<HelpOut>('help').catch(() => null);
    this.said ??= kept;
    const answer = await ask<HelpOut>('GET', '/api/help');
    this.isUnheard = answer.kind !== 'ok';
    if (answer.kind !== 'ok') return;
    this.said = answer.data;
    await writeFact('help', answer.data).catch(() => undefined);
  }
}

export const operator = new Operator();
