/** What of the server's answers stands on this tab's screens: when a copy becomes less, what is shown becomes less too. */
export interface Living {
  readonly path: string;
  /** @param value what is left; null when nothing is */
  become(value: unknown): void;
}

/** Held only for as long as somebody else holds it. */
export const living = new Set<WeakRef<Living>>();
