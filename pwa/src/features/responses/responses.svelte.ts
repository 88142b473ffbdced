/** Responses to one reflection: others' as last seen, mine on the phone first. */
import type { ResponseKind, ResponseOut } from '../../api/shapes';
import { whileLooking } from '../../core/looking';
import { adoptItem } from '../../store/items';
import { newId } from '../../store/ids';
import { ListCollection, type Shown } from '../../store/list-collection.svelte';
import { hear } from '../../store/letting-mine-go';
import { Pages } from '../../store/pages.svelte';
import { session } from '../../store/session.svelte';

export type KeptResponse = Shown<ResponseOut>;

/** One for each reflection on the screen: `const responses = new Responses(id); onMount(() => responses.start())`. */
export class Responses {
  readonly reflectionId: string;
  /** What was done here last, to be said once. */
  done = $state<'kept' | 'taken-back' | null>(null);
  #pages: Pages<ResponseOut>;
  #list: ListCollection<ResponseOut>;

  constructor(reflectionId: string) {
    this.reflectionId = reflectionId;
    this.#pages = new Pages(`/api/reflections/${reflectionId}/responses`);
    this.#list = new ListCollection('responses', this.#pages, { reflection_id: reflectionId });
  }

  /** Oldest first, as a conversation reads. */
  get items(): KeptResponse[] {
    return this.#list.items.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  }

  get isLoading(): boolean {
    return this.#pages.isLoading;
  }

  get isStale(): boolean {
    return this.#pages.isStale;
  }

  /** Later ones are there that were not asked for yet. */
  get hasMore(): boolean {
    return this.#pages.hasMore;
  }

  /** When the server was asked for all of them, in ms; null where later ones are not shown. */
  get wholeAt(): number | null {
    return this.hasMore ? null : this.#pages.heardAt;
  }

  get isAsking(): boolean {
    return this.#pages.isAsking;
  }

  more(): Promise<void> {
    return this.#hear(() => this.#pages.more());
  }

  /** Load for as long as somebody looks, and follow changes; answers with the way to stop. */
  start(): () => void {
    const leave = whileLooking(() => this.load());
    const unfollow = this.#list.follow(() => undefined);
    return () => {
      leave();
      unfollow();
    };
  }

  load(): Promise<void> {
    return this.#hear(() => this.#pages.reload());
  }

  /** Mine stay on this phone, on whichever page the server lists them: only the first one is asked for the next time. */
  async #hear(ask: () => Promise<void>): Promise<void> {
    const { phone } = session;
    const [list, pages] = [this.#list, this.#pages];
    const says = (id: string) => (pages.value ? list.says(id) : undefined);
    await hear([{ own: list, says, keeps: (id) => this.#kept(id) }], ask);
    if (pages.isStale || !session.isStill(phone)) return;
    const fresh = (pages.value?.items ?? []).filter(
      ({ id, mine }) => mine && !list.find(id) && !list.gone.has(id),
    );
    for (const one of fresh) await adoptItem(phone, 'responses', one.id, one, one.version);
    if (fresh.length) await list.read();
  }

  #kept(id: string): { value: ResponseOut; version: number } | undefined {
    const value = this.#list.listed(id);
    return value && { value, version: value.version };
  }

  /** Say something to it. @throws PhoneIsFull (leave the text in the field) */
  async respond(kind: ResponseKind, text: string): Promise<void> {
    const now = new Date().toISOString();
    const by = { id: session.phone.personId, name: session.person?.name ?? '' };
    await this.#list.keep({
      id: newId(),
      reflection_id: this.reflectionId,
      by,
      kind,
      text,
      created_at: now,
      changed_at: now,
      version: 0,
      mine: true,
    });
    this.done = 'kept';
  }

  async change(id: string, kind: ResponseKind, text: string): Promise<void> {
    const known = this.items.find((item) => item.id === id);
    if (!known) return;
    const { state: _state, problem: _problem, ...value } = known;
    await this.#list.keep({ ...value, kind, text, changed_at: new Date().toISOString() });
  }

  /** Take mine back. */
  async takeBack(id: string): Promise<void> {
    await this.#list.remove(id);
    this.done = 'taken-back';
  }
}
