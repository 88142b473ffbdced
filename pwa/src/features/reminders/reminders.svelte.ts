/** A cohort's reminders: any member makes and changes them; each is heard of in the activity. */
import type { ReminderIn, ReminderOut } from '../../api/shapes';
import { newId } from '../../store/ids';
import { ListCollection, type Shown } from '../../store/list-collection.svelte';

/** One for each cohort on the screen. */
export class Reminders {
  readonly cohortId: string;
  #list: ListCollection<ReminderOut>;

  constructor(cohortId: string) {
    this.cohortId = cohortId;
    this.#list = new ListCollection<ReminderOut>(
      'reminders',
      `/api/cohorts/${cohortId}/reminders`,
      { cohort_id: cohortId },
    );
  }

  get items(): Shown<ReminderOut>[] {
    return this.#list.items;
  }

  get isLoaded(): boolean {
    return this.#list.isLoaded;
  }

  get isStale(): boolean {
    return this.#list.isStale;
  }

  /** Load, and follow what is sent; answers with the way to stop. */
  follow(): () => void {
    void this.load();
    return this.#list.follow();
  }

  load(): Promise<void> {
    return this.#list.load();
  }

  /** Make one, or change it. @throws PhoneIsFull */
  async keep(wanted: Omit<ReminderIn, 'cohort_id'>, before?: ReminderOut): Promise<void> {
    const { id, version } = before ?? { id: newId(), version: 0 };
    await this.#list.keep({ id, version, cohort_id: this.cohortId, ...wanted });
  }

  /** Of one that was changed elsewhere too: what it is there, and whether it was to go here. */
  torn(id: string): { theirs: ReminderOut | null; isLeaving: boolean } | null {
    const { row, theirs = null } = this.#list.find(id) ?? {};
    return row?.state === 'conflict' ? { theirs, isLeaving: row.intent === 'delete' } : null;
  }

  /** After it was changed elsewhere too. */
  async settle(id: string, whose: 'mine' | 'theirs'): Promise<void> {
    await this.#list.choose(id, whose);
    await this.load();
  }

  remove(id: string): Promise<void> {
    return this.#list.remove(id);
  }
}
