type Work = (lock: object | null) => unknown;

/** Web Locks for tests: happy-dom has none. Shared and exclusive, `ifAvailable`, first come first served. */
export class FakeLocks {
  #held = new Map<string, { mode: string; count: number }>();
  #waiting: { name: string; mode: string; start: () => void }[] = [];

  request = (async (name: string, ...rest: [object, Work] | [Work]) => {
    const work = rest.at(-1) as Work;
    const options = (rest.length > 1 ? rest[0] : {}) as LockOptions;
    const mode = options.mode ?? 'exclusive';
    if (!this.#isFree(name, mode)) {
      if (options.ifAvailable) return work(null);
      await new Promise<void>((start) => this.#waiting.push({ name, mode, start }));
    }
    this.#take(name, mode);
    try {
      return await work({ name, mode });
    } finally {
      this.#give(name);
    }
  }) as LockManager['request'];

  #isFree(name: string, mode: string): boolean {
    const held = this.#held.get(name);
    return !held || (mode === 'shared' && held.mode === 'shared');
  }

  #take(name: string, mode: string): void {
    const held = this.#held.get(name);
    if (held) held.count += 1;
    else this.#held.set(name, { mode, count: 1 });
  }

  #give(name: string): void {
    const held = this.#held.get(name)!;
    held.count -= 1;
    if (held.count === 0) this.#held.delete(name);
    const next = this.#waiting.findIndex((one) => this.#isFree(one.name, one.mode));
    if (next >= 0) this.#waiting.splice(next, 1)[0]!.start();
  }
}
