/** How I want to be reached: on the phone first, sent when there is signal. */
import type { RhythmOut } from '../../api/shapes';
import { Collection } from '../../store/collection.svelte';
import type { OutboxState, Problem } from '../../store/database';
import { hear } from '../../store/letting-mine-go';
import { Line } from '../../store/line';
import { Resource } from '../../store/resource.svelte';

/** The one item of its kind. */
const ONE = 'mine';

export type Wishes = Omit<RhythmOut, 'version' | 'time_zone'>;

export class MyRhythm {
  #heard = new Resource<RhythmOut>('/api/me/rhythm');
  #own = new Collection<RhythmOut>('rhythm', () => this.#heard.catchUp());
  /** Quick taps do not overtake each other. */
  #line = new Line();

  /** As I last said on this phone, else as the server knows it; null before anything was heard. */
  get value(): RhythmOut | null {
    return this.#own.find(ONE)?.value ?? this.#heard.value;
  }

  /** conflict: it was changed on another device too */
  get state(): OutboxState | 'safe' {
    return this.#own.find(ONE)?.row?.state ?? 'safe';
  }

  get problem(): Problem | null {
    return this.#own.find(ONE)?.row?.problem ?? null;
  }

  get isStale(): boolean {
    return this.#heard.isStale;
  }

  /** Load, and follow what is sent; answers with the way to stop. */
  follow(): () => void {
    void this.load();
    return this.#own.follow(() => this.load());
  }

  load(): Promise<void> {
    const heard = this.#heard;
    const says = () => (heard.isStale ? undefined : heard.value?.version);
    return hear([{ own: this.#own, says }], (isBehind) => heard[isBehind ? 'reload' : 'load']());
  }

  /** @throws PhoneIsFull */
  change(wish: Partial<Wishes>): Promise<void> {
    return this.#line.next(() => this.#change(wish));
  }

  /** After it was changed elsewhere too. */
  async settle(whose: 'mine' | 'theirs'): Promise<void> {
    await this.#own.choose(ONE, whose);
    await this.load();
  }

  async #change(wish: Partial<Wishes>): Promise<void> {
    await this.#own.read();
    const before = this.value;
    if (before) await this.#own.write(ONE, { ...before, ...wish }, before.version);
  }
}
