/** The question that comes once a month, for me alone: whether it is due, and that it was answered or put aside. */
import { session } from '../../store/session.svelte';
import { inTurn, monthToAsk } from './monthly';
import { pulses } from './pulses.svelte';

/** Only this phone remembers, and only which month it was. */
const REMEMBERED = 'just_for_me';

class JustForMe {
  #month = $state<string | null>(null);
  /** The month in which it was answered or put aside; undefined until the phone has said. */
  #done = $state<string | null>();

  constructor() {
    session.onLeave(() => (this.#done = undefined));
  }

  async load(): Promise<void> {
    this.#month = monthToAsk();
    const row = await session.phone.db.get('meta', REMEMBERED);
    this.#done = (row?.value as string | undefined) ?? null;
  }

  /** The commitment of a cohort's contract that the question is due about. */
  dueIn(cohortId: string): string | null {
    if (!this.#month || this.#done === undefined || this.#done === this.#month) return null;
    return inTurn(pulses.contract(cohortId).value?.commitments ?? [])?.text ?? null;
  }

  async leave(): Promise<void> {
    const value = (this.#done = this.#month);
    await session.phone.db.put('meta', { key: REMEMBERED, value });
  }
}

export const justForMe = new JustForMe();
