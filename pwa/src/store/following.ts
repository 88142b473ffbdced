/** Whoever shows an address shows what has come for it, whoever asked: it is read from the phone's copy. */
import { isLater } from './age';
import { living, type Living } from './living';
import { listen } from './news';

/** How those do it that show more than this one answer: it is to fit what stands beside it. */
export const followsBy = new WeakMap<object, () => unknown>();

/** What a screen has never been told, for want of signal, it is told when somebody looks. */
export function askForTheUnheard(): void {
  for (const ref of living) {
    const shown = ref.deref();
    if (!shown) living.delete(ref);
    else if (shown.isStale && shown.heardAt === null) void isTold(shown).catch(() => undefined);
  }
}

async function isTold(shown: Living): Promise<void> {
  await shown.load();
  // What it was told may go on elsewhere.
  if (shown.heardAt !== null) await followsBy.get(shown)?.();
}

/**
 * Nobody waits for it: how one follows may be to ask.
 * @param heard addresses that the server has just answered about, each with when what is so was heard, in ms
 */
export function follow(heard: ReadonlyMap<string, number>): void {
  for (const ref of living) {
    const shown = ref.deref();
    const at = shown && heard.get(shown.path);
    // Nobody has looked at it; or it hears for itself.
    if (at && shown.heardAt !== null && !shown.isLoading) void isShown(shown, at);
  }
}

async function isShown(shown: Living, at: number): Promise<void> {
  // They may have left meanwhile.
  if (isLater(at, shown.heardAt)) await catchesUp(shown).catch(() => undefined);
  if (isLater(at, shown.heardAt)) return;
  shown.isStale = false;
}

async function catchesUp(shown: Living): Promise<void> {
  await (followsBy.get(shown) ?? (() => shown.catchUp()))();
}

// Another tab, or the worker, has put away what it heard.
listen((news) => {
  if (news.about === 'answer') follow(new Map([[news.path, news.at]]));
});
