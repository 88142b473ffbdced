/**
 * What somebody has begun to write, together with what it was begun from. There is a draft only while it differs from
 * what stands there; when that was changed meanwhile (here, or on another device), both are there to choose from.
 */
import { Draft } from './drafts';

interface Saved<T> {
  said: T;
  from: T;
  /** Mine, while what stands there now is looked at. */
  aside: T | null;
}

export class Begun<T> {
  said = $state() as T;
  /** What was typed last time stands in the form, and it is not kept elsewhere yet. */
  #isRestored = $state(false);

  #key: string;
  #draft: Draft<Saved<T> | T>;
  #now: () => T;
  #own: (said: T) => unknown;
  /** As JSON, what stood there when the first letter was typed. */
  #from = $state('');
  #aside = $state.raw<T | null>(null);

  /**
   * @param key names the form for good, as a draft's does
   * @param now what stands there before anybody writes
   * @param own what of it somebody wrote or chose themselves: without that nothing is begun
   */
  constructor(
    key: string,
    now: () => T,
    onProblem: () => void,
    own: (said: T) => unknown = (said) => said,
  ) {
    this.#own = own;
    this.#key = key;
    this.#now = now;
    this.said = now();
    this.#from = JSON.stringify(this.said);
    this.#draft = new Draft(key, onProblem);
  }

  /** What stands there is not what this was begun from: to be said before it is written over. */
  get isEarlier(): boolean {
    if (!this.#isRestored) return false;
    if (this.#aside !== null) return true;
    return this.#from !== JSON.stringify(this.#now()) && !this.#isUntouched;
  }

  /** What stands there now is in the form, and mine beside it. */
  get isAside(): boolean {
    return this.#aside !== null;
  }

  /** @param together how what was typed last time and what stands there become one */
  async restore(together: (typed: T, now: T) => T = (typed) => typed): Promise<void> {
    const typed = await this.#draft.restore().catch(() => null);
    const now = this.#now();
    if (isSaved(typed)) {
      this.#from = JSON.stringify(whole(typed.from, now));
      this.#aside = typed.aside === null ? null : whole(typed.aside, now);
    }
    if (typed !== null)
      this.said = together(whole(isSaved(typed) ? typed.said : typed, now), this.said);
    this.#isRestored = true;
  }

  /** Follows every change from inside an effect. Whoever only looked has begun nothing, and sees what stands there. */
  remember(): void {
    const said = $state.snapshot(this.said) as T;
    const now = JSON.stringify(this.#now());
    if (!this.#isRestored) return;
    if (!this.#isUntouched && JSON.stringify(said) !== now) return this.#draft.save(this.#saved());
    // Mine, which lies beside, stays on the disk.
    if (this.#aside === null) void this.#draft.clear().catch(() => undefined);
    if (now !== this.#from && JSON.stringify(said) !== now) this.said = JSON.parse(now);
    this.#from = now;
  }

  /** Look at what stands there now; mine is not lost. */
  takeNow(): void {
    this.#aside = $state.snapshot(this.said) as T;
    this.said = this.#now();
    this.#from = JSON.stringify(this.said);
  }

  /** Back to mine, which is meant to take the place of what stands there now. */
  takeMine(): void {
    if (this.#aside !== null) this.said = this.#aside;
    this.#aside = null;
  }

  flush(): Promise<void> {
    return this.#draft.flush();
  }

  /** It is kept elsewhere now, or its author let it go. */
  async clear(): Promise<void> {
    this.#isRestored = false;
    this.#aside = null;
    await this.#draft.clear();
  }

  /** Its row may have gone with what it belonged to. */
  saveAgain(): void {
    if (this.#isRestored && !this.#isUntouched) new Draft(this.#key).save(this.#saved());
  }

  /** Once more, in the same form. */
  afresh(): void {
    this.said = this.#now();
    this.#from = JSON.stringify(this.said);
    this.#isRestored = true;
  }

  #saved(): Saved<T> {
    const said = $state.snapshot(this.said) as T;
    return { said, from: JSON.parse(this.#from), aside: this.#aside };
  }

  get #isUntouched(): boolean {
    const own = (said: T) => JSON.stringify(this.#own(said));
    return own($state.snapshot(this.said) as T) === own(JSON.parse(this.#from));
  }
}

/** The words of a draft, for who has no form for them any more: what was being written, and mine that lies beside. */
export async function begunWords<T>(draft: Draft<unknown>): Promise<T[]> {
  const typed = (await draft.restore().catch(() => null)) as Saved<T> | T | null;
  const all = isSaved(typed) ? [typed.said, typed.aside] : [typed];
  return all.filter((said) => said !== null);
}

/** A field that the version of the app did not know in which it was typed is as it stands now. */
function whole<T>(typed: T, now: T): T {
  if (!hasFields(typed) || !hasFields(now)) return typed;
  const all = Object.entries({ ...now, ...typed });
  return Object.fromEntries(all.map(([name, said]) => [name, whole(said, now[name])])) as T;
}

const hasFields = (said: unknown): said is Record<string, unknown> =>
  typeof said === 'object' && said !== null && !Array.isArray(said);

/** Drafts of earlier versions of the app are the words alone. */
function isSaved<T>(typed: Saved<T> | T | null): typed is Saved<T> {
  return typeof typed === 'object' && typed !== null && 'said' in typed && 'from' in typed;
}
