/** What is looked for in the timeline and how far it is unfolded: still there when one comes back from a reflection. */
import type { Area, Noticing } from '../../api/shapes';
import { session } from '../../store/session.svelte';
import { inTurns } from '../../core/steps';
import { aYearAgo, EVERYTHING, Finder, folding, monthsOf, type Wish } from './timeline';
import { reflections, type KeptReflection } from './reflections.svelte';

/** So many fill a screen: they are drawn first. */
const SCREEN = 6;
/** So many more are drawn each time that the end comes near. */
const PAGE = 10;
/** So many can be looked through before anything was made ready for it. */
const AT_ONCE = 100;

class TimelineView {
  query = $state('');
  areas = $state<Area[]>([]);
  noticing = $state<Noticing | null>(null);
  seenBy = $state<Wish['seenBy']>(null);
  month = $state<string | null>(null);
  #shown = $state(SCREEN);

  /** So many of the newest can be looked through as one types. */
  #ready = $state(AT_ONCE);

  #finder = new Finder<KeptReflection>();

  found = $derived.by(() => {
    const { items } = reflections;
    if (!this.isWishing) return items;
    const { query, areas, noticing, seenBy, month } = this;
    const wish = { query, areas, noticing, seenBy, month };
    return this.#finder.find(items, query ? this.#ready : items.length, wish);
  });
  shown = $derived(this.found.slice(0, this.#shown));
  /** Those that can be chosen from, newest first. */
  months = $derived(monthsOf(reflections.items));
  yearAgo = $derived(aYearAgo<KeptReflection>(reflections.items));

  constructor() {
    session.onLeave(() => {
      this.clear();
      this.#finder = new Finder();
      this.#ready = AT_ONCE;
    });
  }

  get isWishing(): boolean {
    return this.query.trim() !== '' || this.isFiltering;
  }

  get isFiltering(): boolean {
    return this.areas.length > 0 || !!(this.noticing ?? this.seenBy ?? this.month);
  }

  /** More may be found than has been. */
  get isSearching(): boolean {
    return this.query.trim() !== '' && this.#ready < reflections.items.length;
  }

  get hasMore(): boolean {
    return this.found.length > this.shown.length;
  }

  /** Make the texts ready to be looked through, while the timeline is open; answers with the way to stop. */
  prepare(): () => void {
    let isOpen = true;
    const { items } = reflections;
    const steps = folding(items, (count) => (this.#ready = Math.max(this.#ready, count)));
    void inTurns(steps, () => isOpen);
    return () => (isOpen = false);
  }

  showMore(): void {
    this.#shown += PAGE;
  }

  /** Something else is looked for: begin at the top again. */
  startOver(): void {
    this.#shown = SCREEN;
  }

  clear(): void {
    Object.assign(this, { ...EVERYTHING, areas: [] });
    this.startOver();
  }
}

export const view = new TimelineView();
