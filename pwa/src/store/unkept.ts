/** What stands on a screen and is not kept on the phone: it is asked about, and becomes less, as if it were. */
import type { ApiPath } from '../api/shapes';
import type { Phone } from './database';

export interface Unkept {
  readonly path: ApiPath;
  readonly personId: string;
  /** Null while it is on its way, and where nothing is left of it. */
  readonly value: unknown;
  /** @param rest what is left; null when nothing is, or when something was let go of while it was on its way */
  become(rest: unknown): void;
}

/** Held only for as long as somebody else holds it. */
export const unkept = new Set<WeakRef<Unkept>>();

export function* unkeptOf({ personId }: Phone): Generator<Unkept> {
  for (const ref of unkept) {
    const shown = ref.deref();
    if (!shown) unkept.delete(ref);
    else if (shown.personId === personId) yield shown;
  }
}
