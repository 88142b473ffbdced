/**
 * What a form lacks before it can be sent. It is said once somebody has tried, and for as long as it is so:
 * a hint about an empty box goes with the first letter in it.
 */
export class Lack<What extends string> {
  #find: () => What | null;
  #isTried = $state(false);

  /** @param find what is missing as things stand; read from reactive state */
  constructor(find: () => What | null) {
    this.#find = find;
  }

  /** What is to be said now. */
  get said(): What | null {
    return this.#isTried ? this.#find() : null;
  }

  /** Somebody tries to send it: what stands in the way. */
  tried(): What | null {
    const found = this.#find();
    this.#isTried = found !== null;
    return found;
  }

  /** Something else is chosen: nothing is said until somebody tries again. */
  rest(): void {
    this.#isTried = false;
  }
}
