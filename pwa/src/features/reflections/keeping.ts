/** Keeping what was written: of my reflections this alone is needed before one can type. */
import type { PersonRef, ReflectionIn } from '../../api/shapes';
import { afterFrame } from '../../core/idle';
import { connection } from '../../store/connection.svelte';
import { newId } from '../../store/ids';
import { Pending } from '../../store/pending.svelte';
import { session } from '../../store/session.svelte';
import type { OwnReflection } from './kinds';

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

/** All of mine: the changes feed brings what is new straight into the phone's copy. */
export const own = new Pending<OwnReflection>('reflections');
session.onLeave(() => own.clear());

/** Keep it on this phone, at once; it is sent when there is signal. @throws PhoneIsFull (leave the text in the field) */
export async function keep(draft: ReflectionDraft): Promise<OwnReflection> {
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
  await own.add(value.id, value);
  // It is on the disk: what follows from that can wait until the person has their answer.
  afterFrame(() => send(value.id));
  return value;
}

function send(id: string): void {
  if (session.state !== 'signed_in') return;
  connection.hasNew('reflections', [id]);
  void import('../../store/persistence')
    .then(({ askToStay }) => askToStay(session.phone))
    .catch(() => undefined);
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
