/** Steps that go one after the other, each whether or not the one before it went well. */
export class Line {
  #last: Promise<unknown> = Promise.resolve();

  next<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#last.then(step);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
