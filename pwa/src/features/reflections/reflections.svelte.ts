/** My own reflections: the whole timeline, on the phone first. */
import type { Problem } from '../../store/database';
import type { KeptItem } from '../../store/items';
import { laidOver, listenForFresh, type Fresh } from '../../store/fresh';
import { session } from '../../store/session.svelte';
import { keep, own, type ReflectionDraft } from './keeping';
import type { OwnReflection } from './kinds';

export type KeptState = 'waiting' | 'safe' | 'parked' | 'conflict';

/** A reflection as its author left it, and how safe it is. */
export interface KeptReflection extends OwnReflection {
  /** waiting: on this phone, to be sent · safe: the server has it · parked: cannot be sent as it is · conflict: changed elsewhere too */
  state: KeptState;
  /** Why it is parked. `reason` 'deleted': it was deleted elsewhere; offer `keepAsNew`. */
  problem?: Problem;
  /** As it stands here it may have reached the server: no answer came back. */
  isTried?: boolean;
  /** In a conflict: the other text; null when it was deleted there. */
  theirs?: OwnReflection | null;
  /** In a conflict: the author's wish here was to delete it. */
  isBeingDeleted?: boolean;
}

class Reflections {
  readonly own = own;
  /** The whole timeline, newest first. Items on their way to deletion are not in it. */
  readonly items = $derived.by(() => this.#inOrder(own.mine.map(asKept).filter(isShown)));
  /** As they were in order last: hardly any moves when a few more come. */
  #last: KeptReflection[] = [];

  constructor() {
    session.onSettled(() => void this.load());
    session.onLeave(() => (this.#last = []));
    own.follow();
    listenForFresh((fresh) => void own.inTurn(() => this.#take(fresh)));
  }

  /** The phone's copy has been read: an empty timeline is really empty. */
  get isLoaded(): boolean {
    return own.isRead;
  }

  /** Read the phone's copy again. What changes later follows by itself, whichever tab or worker changed it. */
  load(): Promise<void> {
    return own.read().catch(() => undefined);
  }

  find(id: string): KeptReflection | null {
    return this.items.find((item) => item.id === id) ?? null;
  }

  /** Keep it on this phone, at once; it is sent when there is signal. @throws PhoneIsFull (leave the text in the field) */
  async keep(draft: ReflectionDraft): Promise<KeptReflection> {
    return { ...(await keep(draft)), state: 'waiting' };
  }

  async #take(fresh: Fresh): Promise<void> {
    if (!session.isStill(fresh.phone)) return;
    // What was never read yet is to be read, with this among it.
    if (own.isRead) own.all = laidOver(own.all, fresh);
    else void this.load();
  }

  #inOrder(items: KeptReflection[]): KeptReflection[] {
    const fresh = new Set(items);
    const still = this.#last.filter((one) => fresh.delete(one));
    return (this.#last = [...still, ...fresh].toSorted(newestFirst));
  }
}

/** Of each it is made once, so that what was worked out about it can be remembered with it. */
const told = new WeakMap<KeptItem<OwnReflection>, KeptReflection>();

function asKept(item: KeptItem<OwnReflection>): KeptReflection {
  let one = told.get(item);
  if (!one) told.set(item, (one = made(item)));
  return one;
}

function made({ value, theirs, row }: KeptItem<OwnReflection>): KeptReflection {
  const kept: KeptReflection = { ...value, state: row?.state ?? 'safe' };
  if (row?.problem) kept.problem = row.problem;
  if (row?.attempted.length) kept.isTried = true;
  if (row?.state === 'conflict') kept.theirs = theirs ?? null;
  if (row?.intent === 'delete') kept.isBeingDeleted = true;
  return kept;
}

const isShown = (item: KeptReflection): boolean => !item.isBeingDeleted || item.state !== 'waiting';

const newestFirst = (a: KeptReflection, b: KeptReflection): number =>
  compare(b.written_at, a.written_at) || compare(b.id, a.id);

/** Times and ids are ASCII; the locale's order would be ten times slower on a long timeline. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const reflections = new Reflections();
