/** One reflection as its reader sees it: the phone's copies first, then the server. */
import type { ReflectionOut } from '../../api/shapes';
import { Resource } from '../../store/resource.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';
import type { OwnReflection } from '../reflections/kinds';
import { reflections } from '../reflections/reflections.svelte';
import { Activity } from './activity.svelte';

export class Shared {
  readonly id: string;
  #one: Resource<ReflectionOut>;
  #activity: Activity | null = null;

  constructor(id: string) {
    this.id = id;
    this.#one = new Resource(`/api/reflections/${id}`);
  }

  /** Mine as I left it; another's as last seen, here or in the cohort's activity. Null when it is gone. */
  get value(): OwnReflection | null {
    const mine = reflections.find(this.id);
    if (mine) return mine;
    if (this.isGone) return null;
    return this.#one.value ?? this.#inActivity;
  }

  /** The server said that there is nothing here for me to see (any more). */
  get isGone(): boolean {
    return this.#one.refusal !== null;
  }

  get isLoading(): boolean {
    return this.#one.isLoading || Boolean(this.#activity?.isLoading);
  }

  get isStale(): boolean {
    return this.#one.isStale;
  }

  async load(): Promise<void> {
    const cohort = cohorts.current;
    this.#activity ??= cohort && new Activity(cohort.id);
    // Without signal the activity may hold what was never opened by itself.
    await Promise.all([this.#one.load(), this.#activity?.load()]);
  }

  get #inActivity(): ReflectionOut | null {
    const items = this.#activity?.items ?? [];
    return items.find(({ reflection }) => reflection?.id === this.id)?.reflection ?? null;
  }
}
