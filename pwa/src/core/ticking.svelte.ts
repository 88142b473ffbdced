/** The time for a screen that changes while somebody looks at it. Made while a component is. */
const OFTEN = 5_000;

export class Ticking {
  /** In milliseconds, a few seconds old at most. */
  now = $state(Date.now());

  constructor() {
    $effect(() => {
      const timer = setInterval(() => (this.now = Date.now()), OFTEN);
      return () => clearInterval(timer);
    });
  }
}
