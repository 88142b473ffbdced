/** How I want to be reached: on the phone first, sent when there is signal. */
import type { RhythmOut } from '../../api/shapes';
import { choose } from '../../store/choices';
import { connection } from '../../store/connection.svelte';
import type { OutboxState, Phone, Problem } from '../../store/database';
import { changeItem, letGoOfSent, readItem, writeItem, type KeptItem } from '../../store/items';
import { Line } from '../../store/line';
import { listen } from '../../store/news';
import { Resource } from '../../store/resource.svelte';
import { seal } from '../../store/seal';
import { session } from '../../store/session.svelte';

/** The one item of its kind. */
const ONE = 'mine';

export type Wishes = Omit<RhythmOut, 'version' | 'time_zone'>;

export class MyRhythm {
  #heard = new Resource<RhythmOut>('/api/me/rhythm');
  #kept = $state.raw<KeptItem<RhythmOut> | null>(null);
  /** Quick taps do not overtake each other, and a change does not begin with what a load is letting go of. */
  #line = new Line();

  /** As I last said on this phone, else as the server knows it; null before anything was heard. */
  get value(): RhythmOut | null {
    return this.#kept?.value ?? this.#heard.value;
  }

  /** conflict: it was changed on another device too */
  get state(): OutboxState | 'safe' {
    return this.#kept?.row?.state ?? 'safe';
  }

  get problem(): Problem | null {
    return this.#kept?.row?.problem ?? null;
  }

  get isStale(): boolean {
    return this.#heard.isStale;
  }

  /** Load, and follow what is sent; answers with the way to stop. */
  follow(): () => void {
    void this.load();
    return listen((news) => {
      if (news.about === 'rhythm') void this.load();
    });
  }

  async load(): Promise<void> {
    const { phone } = session;
    await this.#line.next(() => this.#read(phone));
    const sent = this.#kept?.row === null ? this.#kept : null;
    await (sent ? this.#heard.reload() : this.#heard.load());
    await this.#line.next(async () => {
      if (sent && !this.#heard.isStale)
        await letGoOfSent(phone, 'rhythm', sent, this.#heard.value?.version);
      await this.#read(phone);
    });
  }

  /** @throws PhoneIsFull */
  change(wish: Partial<Wishes>): Promise<void> {
    return this.#line.next(() => this.#change(wish));
  }

  /** After it was changed elsewhere too. */
  async settle(whose: 'mine' | 'theirs'): Promise<void> {
    await choose(session.phone, 'rhythm', ONE, whose);
    connection.hasNew('rhythm', [ONE]);
    await this.load();
  }

  async #change(wish: Partial<Wishes>): Promise<void> {
    const { phone } = session;
    await this.#read(phone);
    const before = this.value;
    if (!before) return;
    const sealed = await seal(phone.key, before);
    // The change must know which version it changes.
    await changeItem(phone, 'rhythm', ONE, (item, row) =>
      item ? null : { item: { id: ONE, version: before.version, sealed }, row },
    );
    await writeItem<RhythmOut>(phone, 'rhythm', ONE, { ...before, ...wish });
    await this.#read(phone);
    connection.hasNew('rhythm', [ONE]);
  }

  async #read(phone: Phone): Promise<void> {
    this.#kept = await readItem<RhythmOut>(phone, 'rhythm', ONE);
  }
}
