/** What of the server's answers stands on this tab's screens: when a copy becomes less, what is shown becomes less too. */

export interface Living {
  readonly path: string;
  readonly heardAt: number | null;
  readonly isLoading: boolean;
  isStale: boolean;
  /** @param value what is left; null when nothing is */
  become(value: unknown): void;
  load(): Promise<void>;
  catchUp(): Promise<void>;
}

/** Held only for as long as somebody else holds it. */
export const living = new Set<WeakRef<Living>>();
