/** What is looked for in the timeline and how far it is unfolded: still there when one comes back from a reflection. */
import type { Area, Noticing } from '../../api/shapes';
import { session } from '../../store/session.svelte';
import { aYearAgo, isWished } from './timeline';
import { reflections, type KeptReflection } from './reflections.svelte';

/** So many are drawn at once; a thousand would be felt on a phone. */
const PAGE = 20;

class TimelineView {
  query = $state('');
  areas = $state<Area[]>([]);
  noticing = $state<Noticing | null>(null);
  #shown = $state(PAGE);

  found = $derived.by(() => {
    const wish = { query: this.query, areas: this.areas, noticing: this.noticing };
    return reflections.items.filter((item) => isWished(item, wish));
  });
  shown = $derived(this.found.slice(0, this.#shown));
  yearAgo = $derived(aYearAgo<KeptReflection>(reflections.items));

  constructor() {
    session.onLeave(() => this.clear());
  }

  get isWishing(): boolean {
    return this.query.trim() !== '' || this.isFiltering;
  }

  get isFiltering(): boolean {
    return this.areas.length > 0 || this.noticing !== null;
  }

  get hasMore(): boolean {
    return this.found.length > this.shown.length;
  }

  showMore(): void {
    this.#shown += PAGE;
  }

  /** Something else is looked for: begin at the top again. */
  startOver(): void {
    this.#shown = PAGE;
  }

  clear(): void {
    this.query = '';
    this.areas = [];
    this.noticing = null;
    this.startOver();
  }
}

export const view = new TimelineView();
