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
      await this.#turn(name, mode, options.signal);
    }
    this.#take(name, mode);
    try {
      return await work({ name, mode });
    } finally {
      this.#give(name);
    }
  }) as LockManager['request'];

  #turn(name: string, mode: string, signal?: AbortSignal): Promise<void> {
    return new Promise((start, give) => {
      const one = { name, mode, start };
      this.#waiting.push(one);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== one);
        give(signal.reason);
      });
    });
  }

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
