/** All questions I may use: the library's, my cohorts', mine. */
import type { Depth, PromptIn, PromptOut } from '../../api/shapes';
import { newId } from '../../store/ids';
import { ListCollection, type Shown } from '../../store/list-collection.svelte';
import { Pages } from '../../store/pages.svelte';
import { session } from '../../store/session.svelte';
import { question } from './today.svelte';

class Prompts {
  #list = $state.raw(listOfAll());
  /** Those that were on Today since the app was opened: each comes again only after the others. */
  #shown = new Set<string>();

  constructor() {
    session.onLeave(() => {
      this.#list = listOfAll();
      this.#shown.clear();
    });
  }

  get items(): Shown<PromptOut>[] {
    return this.#list.items;
  }

  get isLoaded(): boolean {
    return this.#list.isLoaded;
  }

  get isStale(): boolean {
    return this.#list.isStale;
  }

  /** The phone's copy, without asking anybody. Never throws. */
  recall(): Promise<void> {
    return this.#list.recall().catch(() => undefined);
  }

  /** Never throws: what the phone knew stays. */
  load(): Promise<void> {
    return this.#list.load().catch(() => undefined);
  }

  /** Load, and follow what is sent; answers with the way to stop. */
  follow(): () => void {
    void this.load();
    return this.#list.follow();
  }

  find(id: string): Shown<PromptOut> | null {
    return this.items.find((one) => one.id === id) ?? null;
  }

  of(cohortId: string): Shown<PromptOut>[] {
    return this.items.filter((one) => one.cohort_id === cohortId);
  }

  /** Another one for today, as near as can be to what the day's own asks of somebody. @throws where none has come to this phone */
  async another(): Promise<void> {
    await this.#ready();
    const now = question.prompt;
    if (now) this.#shown.add(now.id);
    const next = nextOf(this.items, this.#shown, now?.depth ?? 'gentle');
    // The sentence is whoever's who asked: without the list there is nothing to choose from.
    if (!next && !this.isLoaded) throw new Error('no questions have come to this phone');
    if (!next) return;
    if (this.#shown.has(next.id)) this.#shown.clear();
    await question.choose('chosen', next);
  }

  /** The one that a notification named; if it is not to be had, the day's own stays. */
  async askFor(id: string): Promise<void> {
    await this.#ready();
    question.asked = this.items.find((one) => one.id === id) ?? null;
  }

  /** A question of mine, for me alone, and today's from now on. @throws PhoneIsFull */
  async askMyself(text: string): Promise<void> {
    const prompt = await this.keep({ text, areas: [], depth: 'gentle', cohort_id: null });
    await question.choose('own', prompt);
  }

  /** Make one, or change one of mine. @throws PhoneIsFull */
  async keep(words: PromptIn, before?: PromptOut): Promise<PromptOut> {
    const by = { id: session.phone.personId, name: session.person?.name ?? '' };
    const made = before ?? { id: newId(), by, is_mine: true, version: 0 };
    const { id, is_mine, version } = made;
    const prompt: PromptOut = { id, by: made.by, is_mine, version, ...words };
    await this.#list.keep(prompt);
    return prompt;
  }

  remove(id: string): Promise<void> {
    return this.#list.remove(id);
  }

  /** From the phone's copy where there is one: nobody who taps waits for a network. */
  async #ready(): Promise<void> {
    await this.#list.recall();
    if (!this.isLoaded) await this.load();
    else void this.load().catch(() => undefined);
  }
}

/** The next question at random: one not seen yet, at the same depth while there is any; never bold uncalled. */
export function nextOf<T extends Pick<PromptOut, 'id' | 'depth'>>(
  all: readonly T[],
  shown: ReadonlySet<string>,
  depth: Depth,
  draw: () => number = Math.random,
): T | null {
  const gentle = all.filter((one) => one.depth !== 'bold' || depth === 'bold');
  const fresh = gentle.filter(({ id }) => !shown.has(id));
  const near = fresh.filter((one) => one.depth === depth);
  const [from] = [near, fresh, gentle].filter(({ length }) => length > 0);
  return from?.[Math.floor(draw() * from.length)] ?? null;
}

const listOfAll = () =>
  new ListCollection<PromptOut>('prompts', new Pages<PromptOut>('/api/prompts', true));

export const prompts = new Prompts();
