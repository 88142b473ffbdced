/** What is being done to one reflection: which sheet is open over which item. */
import { dropDrafts } from '../../store/dropping';
import { changeKey } from './begun';
import { changes } from './changes';
import type { KeptReflection } from './reflections.svelte';
import type { ReflectionOut } from '../../api/shapes';

export type Sheet = 'actions' | 'share' | 'take_back' | 'remove';

export class Actions {
  item = $state.raw<KeptReflection | null>(null);
  sheet = $state<Sheet | null>(null);
  /** The one that was taken back here last: what became of that is said. */
  takenBack = $state<string | null>(null);

  open(sheet: Sheet, item: KeptReflection | null = this.item): void {
    this.item = item;
    this.takenBack = null;
    this.sheet = sheet;
  }

  close(sheet: Sheet): void {
    if (this.sheet === sheet) this.sheet = null;
  }

  async share(
    chosen: Pick<ReflectionOut, 'audience' | 'shared_with' | 'cohort_id'>,
  ): Promise<void> {
    if (!this.item) return;
    const { audience, shared_with, cohort_id } = chosen;
    if (audience === 'me') await this.takeBack();
    else await changes.share(this.item.id, audience, shared_with, cohort_id ?? undefined);
  }

  async takeBack(): Promise<void> {
    if (!this.item || this.item.audience === 'me') return;
    const { id } = this.item;
    await changes.takeBack(id);
    this.takenBack = id;
  }

  async remove(): Promise<void> {
    if (!this.item) return;
    const { id } = this.item;
    // First: a tab in which it is being changed at this moment hears of it, and saves what stands there.
    await dropDrafts(changeKey(id));
    await changes.remove(id);
  }
}
