/** Whoever shows an address shows what has come for it, whoever asked: it is read from the phone's copy. */
import { isLater } from './age';
import { living } from './living';

/** How those do it that show more than this one answer: it is to fit what stands beside it. */
export const followsBy = new WeakMap<object, () => unknown>();

/** What a screen has never been told, for want of signal, it is told when somebody looks. */
export function askForTheUnheard(): void {
  for (const ref of living) {
    const shown = ref.deref();
    if (shown?.isStale && shown.heardAt === null) void shown.load();
  }
}

/** @param heard addresses that the server has just answered about, each with when what is so was heard, in ms */
export async function follow(heard: ReadonlyMap<string, number>): Promise<void> {
  for (const ref of living) {
    const shown = ref.deref();
    const at = shown && heard.get(shown.path);
    // Nobody has looked at it; or it hears for itself.
    if (!at || shown.heardAt === null || shown.isLoading) continue;
    if (isLater(at, shown.heardAt)) await (followsBy.get(shown) ?? (() => shown.catchUp()))();
    if (isLater(at, shown.heardAt)) continue;
    shown.isStale = false;
    shown.refusal = null;
  }
}
