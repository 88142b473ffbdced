/** Responses to one reflection: others' as last seen, mine on the phone first. */
import type { ResponseKind, ResponseOut } from '../../api/shapes';
import { connection } from '../../store/connection.svelte';
import type { Problem } from '../../store/database';
import { removeItem } from '../../store/choices';
import { newId } from '../../store/ids';
import { changeItem, letGoOfSent, readItems, writeItem, type KeptItem } from '../../store/items';
import { listen } from '../../store/news';
import { Pages } from '../../store/pages.svelte';
import { seal } from '../../store/seal';
import { session } from '../../store/session.svelte';

export interface KeptResponse extends ResponseOut {
  state: 'waiting' | 'safe' | 'parked' | 'conflict';
  problem?: Problem;
}

/** One for each reflection on the screen: `const responses = new Responses(id); onMount(() => responses.start())`. */
export class Responses {
  readonly reflectionId: string;
  /** What was done here last, to be said once. */
  done = $state<'kept' | 'taken-back' | null>(null);
  #theirs: Pages<ResponseOut>;
  #mine = $state.raw<KeptItem<ResponseOut>[]>([]);

  constructor(reflectionId: string) {
    this.reflectionId = reflectionId;
    this.#theirs = new Pages(`/api/reflections/${reflectionId}/responses`);
  }

  /** Oldest first, as a conversation reads. */
  get items(): KeptResponse[] {
    const mine = new Map(this.#mine.map((item) => [item.id, item]));
    const others = (this.#theirs.value?.items ?? []).filter(
      (item) => !item.mine && !mine.has(item.id),
    );
    const all = [
      ...others.map((item) => ({ ...item, state: 'safe' as const })),
      ...this.#mine.filter(isShown).map(asKept),
    ];
    return all.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  }

  get isLoading(): boolean {
    return this.#theirs.isLoading;
  }

  get isStale(): boolean {
    return this.#theirs.isStale;
  }

  /** Later ones are there that were not asked for yet. */
  get hasMore(): boolean {
    return this.#theirs.hasMore;
  }

  get isAsking(): boolean {
    return this.#theirs.isAsking;
  }

  more(): Promise<void> {
    return this.#hear(() => this.#theirs.more());
  }

  /** Load, and follow changes; answers with the way to stop. */
  start(): () => void {
    void this.load();
    return listen((news) => news.about === 'responses' && void this.#readMine());
  }

  load(): Promise<void> {
    return this.#hear(() => this.#theirs.reload());
  }

  async #hear(ask: () => Promise<void>): Promise<void> {
    const before = await this.#readMine();
    await ask();
    if (this.#theirs.isStale || !this.#theirs.value) return;
    const { items, next } = this.#theirs.value;
    await this.#adopt(items, next === null, before);
  }

  /** Say something to it. @throws PhoneIsFull (leave the text in the field) */
  async respond(kind: ResponseKind, text: string): Promise<void> {
    const now = new Date().toISOString();
    const by = { id: session.phone.personId, name: session.person?.name ?? '' };
    await this.#write({
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
    const known = this.#mine.find((item) => item.id === id);
    if (known)
      await this.#write({ ...known.value, kind, text, changed_at: new Date().toISOString() });
  }

  /** Take mine back. */
  async takeBack(id: string): Promise<void> {
    await removeItem(session.phone, 'responses', id);
    await this.#changed(id);
    this.done = 'taken-back';
  }

  async #write(value: ResponseOut): Promise<void> {
    await writeItem(session.phone, 'responses', value.id, value);
    await this.#changed(value.id);
  }

  async #changed(id: string): Promise<void> {
    connection.hasNew('responses', [id]);
    await this.#readMine();
  }

  async #readMine(): Promise<KeptItem<ResponseOut>[]> {
    const all = await readItems<ResponseOut>(session.phone, 'responses');
    return (this.#mine = all.filter((item) => item.value.reflection_id === this.reflectionId));
  }

  /**
   * What the server lists of mine is the truth, once all of it is there; but not for what was still to be sent when it was
   * asked, nor for what arrived since.
   * @param before mine, as they were then
   */
  async #adopt(
    listed: ResponseOut[],
    isAll: boolean,
    before: KeptItem<ResponseOut>[],
  ): Promise<void> {
    const phone = session.phone;
    const now = new Map(listed.filter((item) => item.mine).map((item) => [item.id, item]));
    const unsent = new Set(before.filter(({ row }) => row).map(({ id }) => id));
    for (const [id, out] of now) {
      if (unsent.has(id)) continue;
      const sealed = await seal(phone.key, out);
      await changeItem(phone, 'responses', id, (item, row) =>
        row || (item?.version ?? 0) >= out.version
          ? null
          : { item: { id, version: out.version, sealed }, row: null },
      );
    }
    const gone = before.filter(({ id, row }) => isAll && !row && !now.has(id));
    for (const item of gone) await letGoOfSent(phone, 'responses', item);
    await this.#readMine();
  }
}

const isShown = ({ row }: KeptItem<ResponseOut>): boolean =>
  row?.intent !== 'delete' || row.state !== 'waiting';

function asKept({ value, row }: KeptItem<ResponseOut>): KeptResponse {
  return {
    ...value,
    state: row?.state ?? 'safe',
    ...(row?.problem ? { problem: row.problem } : {}),
  };
}
