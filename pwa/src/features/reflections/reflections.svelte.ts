/** My own reflections: the whole timeline, on the phone first. */
import type { PersonRef, ReflectionIn, ReflectionOut } from '../../api/shapes';
import { afterFrame } from '../../core/idle';
import { connection } from '../../store/connection.svelte';
import type { Problem } from '../../store/database';
import { newId } from '../../store/ids';
import type { KeptItem } from '../../store/items';
import type { OwnReflection } from './kinds';
import { Pending } from '../../store/pending.svelte';
import { session } from '../../store/session.svelte';

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
  theirs?: ReflectionOut | null;
  /** In a conflict: the author's wish here was to delete it. */
  isBeingDeleted?: boolean;
}

/** What a composer hands over. People are given with their names so that the line under the box reads well offline. */
export interface ReflectionDraft extends Omit<ReflectionIn, 'shared_with' | 'written_at'> {
  shared_with: PersonRef[];
  /** When it was written; now, if absent. */
  written_at?: string;
}

/** What goes with the words and is none of them: where they stand, what they answer, whom they reach, and since when. */
type Around = 'cohort_id' | 'prompt_id' | 'audience' | 'shared_with' | 'written_at';

/** What an author can write of one, whoever sees it: all that the server takes besides. */
export type ReflectionWords = Omit<ReflectionDraft, Around>;

/** Nothing written, nothing chosen. */
const blankWords = (): ReflectionWords => ({ text: '', areas: [], noticing: null, stretch: null });

/** The words of one, as plain values: a draft may be a reactive proxy, and of an older version of the app. */
export function wordsOf(from: ReflectionWords): ReflectionWords {
  const said = Object.entries(blankWords()).map(([name, blank]) => {
    const value = from[name as keyof ReflectionWords] ?? blank;
    return [name, Array.isArray(value) ? [...value] : value];
  });
  return Object.fromEntries(said);
}

/** Whether anything is written or chosen. */
export const isSaid = (words: ReflectionWords): boolean =>
  JSON.stringify(wordsOf(words)) !== JSON.stringify(blankWords());

/** An empty composer: private, nothing chosen. */
export const blankDraft = (): ReflectionDraft => ({
  ...blankWords(),
  cohort_id: null,
  prompt_id: null,
  audience: 'me',
  shared_with: [],
});

class Reflections {
  /** All of them: the changes feed brings what is new straight into the phone's copy. */
  readonly own = new Pending<OwnReflection>('reflections');
  /** The whole timeline, newest first. Items on their way to deletion are not in it. */
  readonly items = $derived(this.own.mine.map(asKept).filter(isShown).toSorted(newestFirst));

  constructor() {
    session.onSettled(() => void this.load());
    session.onLeave(() => this.own.clear());
    this.own.follow();
  }

  /** The phone's copy has been read: an empty timeline is really empty. */
  get isLoaded(): boolean {
    return this.own.isRead;
  }

  /** Read the phone's copy again. What changes later follows by itself, whichever tab or worker changed it. */
  load(): Promise<void> {
    return this.own.read().catch(() => undefined);
  }

  find(id: string): KeptReflection | null {
    return this.items.find((item) => item.id === id) ?? null;
  }

  /** Keep it on this phone, at once; it is sent when there is signal. @throws PhoneIsFull (leave the text in the field) */
  async keep(draft: ReflectionDraft): Promise<KeptReflection> {
    const now = new Date().toISOString();
    const me = session.person;
    const value: OwnReflection = {
      ...plain(draft),
      ...chosen(draft),
      id: newId(),
      author: { id: session.phone.personId, name: me?.name ?? '' },
      written_at: draft.written_at ?? now,
      changed_at: now,
      version: 0,
      mine: true,
    };
    await this.own.add(value.id, value);
    // It is on the disk: what follows from that can wait until the person has their answer.
    afterFrame(() => this.#send(value.id));
    return { ...value, state: 'waiting' };
  }

  #send(id: string): void {
    if (session.state !== 'signed_in') return;
    connection.hasNew('reflections', [id]);
    void import('../../store/persistence')
      .then(({ askToStay }) => askToStay(session.phone))
      .catch(() => undefined);
  }
}

/** Only what the server knows, as plain values: a draft may be a reactive proxy, and a kept item has more. */
export function plain(draft: ReflectionDraft) {
  const { cohort_id, prompt_id, audience } = draft;
  const shared_with = draft.shared_with.map(({ id, name }) => ({ id, name }));
  return { ...wordsOf(draft), cohort_id, prompt_id, audience, shared_with };
}

export const chosen = ({
  audience,
  shared_with,
}: ReflectionDraft): Pick<OwnReflection, 'names_were_chosen'> =>
  audience === 'cohort' && shared_with.length ? { names_were_chosen: true } : {};

function asKept({ value, theirs, row }: KeptItem<OwnReflection>): KeptReflection {
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
