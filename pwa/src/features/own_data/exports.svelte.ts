/** Taking everything: asked for here, made by the server, fetched from it. All of it needs signal; the phone keeps none. */
import type { ExportOut, List, Refusal } from '../../api/shapes';
import { askFor } from '../../store/asking';
import { session } from '../../store/session.svelte';

const PATH = '/api/me/exports';
/** Between two looks at how far it is, in ms. */
const PAUSE = 2_000;

export class Exports {
  /** The one that I asked for last; null where there is none, or nothing was heard yet. */
  newest = $state.raw<ExportOut | null>(null);
  isHeard = $state(false);
  /** The server could not be asked just now. */
  isUnheard = $state(false);
  isBusy = $state(false);
  problem = $state.raw<Refusal | null>(null);
  /** How often I asked: what was looked for before that says nothing of it. */
  #asked = 0;

  /** Where it is now. Never throws. */
  async load(): Promise<void> {
    const before = this.#asked;
    const answer = await askFor<List<ExportOut>>(session.phone, 'GET', PATH);
    if (before !== this.#asked) return;
    this.isUnheard = answer.kind !== 'ok';
    if (answer.kind !== 'ok') return;
    this.isHeard = true;
    this.newest = answer.data.items[0] ?? null;
  }

  async ask(): Promise<void> {
    this.#asked += 1;
    this.isBusy = true;
    this.problem = null;
    const answer = await askFor<ExportOut>(session.phone, 'POST', PATH);
    this.isBusy = false;
    this.isUnheard = answer.kind === 'unreachable';
    if (answer.kind === 'refused') this.problem = answer.refusal;
    if (answer.kind === 'ok') this.newest = answer.data;
    this.isHeard ||= answer.kind === 'ok';
  }

  /** Look again and again while it is being made; answers with the way to stop. */
  follow(): () => void {
    const timer = setInterval(() => {
      const isWaited = this.newest?.state === 'making' && !this.isBusy;
      if (isWaited && document.visibilityState === 'visible') void this.load();
    }, PAUSE);
    return () => clearInterval(timer);
  }
}
