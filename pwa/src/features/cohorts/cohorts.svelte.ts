/** My cohorts, and who is in them. */
import type { CohortOut, CohortPerson, List } from '../../api/shapes';
import { namesComeFrom } from '../../core/called.svelte';
import { router } from '../../core/router.svelte';
import { kept } from '../../store/kept-resource.svelte';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';

const CURRENT = 'current_cohort';

class Cohorts {
  #list = new Resource<List<CohortOut>>('/api/cohorts');
  #people = new Map<string, Resource<List<CohortPerson>>>();
  #chosen = $state<string | null>(null);

  constructor() {
    session.onSettled(() => void this.load());
    session.onLeave(() => this.#forget());
  }

  get items(): CohortOut[] {
    return this.#list.value?.items ?? [];
  }

  /** Whether the list was ever read, here or from the server. */
  get isLoaded(): boolean {
    return this.#list.value !== null;
  }

  get isStale(): boolean {
    return this.#list.isStale;
  }

  /** The cohort on the screen: the one of the address, or the one chosen last, else the newest. */
  get current(): CohortOut | null {
    return this.named ?? this.find(this.#chosen) ?? this.items[0] ?? null;
  }

  /** The one that the address names. */
  get named(): CohortOut | null {
    return this.find(router.query.get('cohort'));
  }

  find(id: string | null): CohortOut | null {
    return this.items.find((cohort) => cohort.id === id) ?? null;
  }

  load(): Promise<void> {
    return this.#load(() => this.#list.load());
  }

  /** As `load`, but asked for from now on. */
  reload(): Promise<void> {
    return this.#load(() => this.#list.reload());
  }

  async #load(ask: () => Promise<void>): Promise<void> {
    const before = await session.phone.db.get('meta', CURRENT);
    // Somebody may have been quicker than the disk.
    this.#chosen ??= (before?.value as string | undefined) ?? null;
    await this.#list.recall();
    for (const { id } of this.items) void this.people(id).load();
    await ask();
    this.#learnNames();
  }

  /** Whoever is shown anywhere is called as the lists of people have it, so they are asked with the cohorts, or right after. */
  #learnNames(): void {
    const lists = this.items.map(({ id }) => [id, this.people(id)] as const);
    namesComeFrom(new Map(lists.map(([id, list]) => [id, () => list.value?.items ?? []])));
    for (const [, list] of lists) if (list.heardAt === null) void list.load();
  }

  async choose(id: string): Promise<void> {
    this.#chosen = id;
    await session.phone.db.put('meta', { key: CURRENT, value: id });
  }

  /** Who is in it. `.value` is there at once from the phone; call `.load()` to ask. */
  people(id: string): Resource<List<CohortPerson>> {
    return kept(this.#people, id, `/api/cohorts/${id}/people`);
  }

  #forget(): void {
    this.#list = new Resource('/api/cohorts');
    namesComeFrom(new Map());
    this.#people.clear();
    this.#chosen = null;
  }
}

export const cohorts = new Cohorts();
