import { UNSAVED_LOCK } from './locks';

/**
 * Knows whether somebody is in the middle of a word. Fields mark themselves while what they hold is
 * not yet in the phone's database; a Web Lock tells the other tabs, so that none of them lets a new
 * version in over it. The lock falls by itself when a tab is closed or killed.
 */
export class Unsaved {
  #keys = new Set<string>();
  #letGo: (() => void) | null = null;
  #locks: Pick<LockManager, 'request'> | undefined;

  constructor(locks: Pick<LockManager, 'request'> | undefined = globalThis.navigator?.locks) {
    this.#locks = locks;
  }

  get isAnything(): boolean {
    return this.#keys.size > 0;
  }

  mark(key: string, isUnsaved: boolean): void {
    if (isUnsaved) this.#keys.add(key);
    else this.#keys.delete(key);
    if (this.isAnything) this.#hold();
    else this.#release();
  }

  #hold(): void {
    if (this.#letGo || !this.#locks) return;
    const held = new Promise<void>((resolve) => (this.#letGo = resolve));
    void this.#locks.request(UNSAVED_LOCK, { mode: 'shared' }, () => held);
  }

  #release(): void {
    this.#letGo?.();
    this.#letGo = null;
  }
}

export const unsaved = new Unsaved();
