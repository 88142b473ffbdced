import type { CohortOut } from '../../api/shapes';
import { whileLooking } from '../../core/looking';
import { router } from '../../core/router.svelte';
import { cohorts } from './cohorts.svelte';

/** The cohort of a screen, which asks for my cohorts for as long as somebody looks. Made while the screen is made. */
export class OnScreen {
  #isAsked = $state(false);

  constructor() {
    $effect(() => whileLooking(() => cohorts.load().then(() => (this.#isAsked = true))));
  }

  get cohort(): CohortOut | null {
    return this.#isUnheard ? null : cohorts.current;
  }

  /** Why there is none: the server says so, or this phone cannot say for want of signal; null while it is asked. */
  get lack(): 'none' | 'unknown' | null {
    if (cohorts.isLoaded && !this.#isUnheard) return 'none';
    return cohorts.isStale ? 'unknown' : null;
  }

  /** The address names one that this phone has not heard of: it may have been joined elsewhere, and no other is shown in its place. */
  get #isUnheard(): boolean {
    if (cohorts.named || !router.query.has('cohort')) return false;
    return !this.#isAsked || cohorts.isStale;
  }
}
