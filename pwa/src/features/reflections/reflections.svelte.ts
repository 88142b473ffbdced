/** My own reflections: the whole timeline, on the phone first. */
import type { Audience, PersonRef, ReflectionIn, ReflectionOut } from '../../api/shapes';
import { afterFrame } from '../../core/idle';
import { connection } from '../../store/connection.svelte';
import type { Problem } from '../../store/database';
import { newId } from '../../store/ids';
import {
  addItem,
  readItem,
  readItems,
  removeItem,
  writeItem,
  type KeptItem,
} from '../../store/items';
import { listen } from '../../store/news';
import type { OwnReflection } from '../../store/senders';
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

/** What an author can write of one, whoever sees it. */
export type ReflectionWords = Pick<ReflectionDraft, 'text' | 'areas' | 'noticing' | 'stretch'>;

/** An empty composer: private, nothing chosen. */
export const blankDraft = (): ReflectionDraft => ({
  cohort_id: null,
  text: '',
  areas: [],
  noticing: null,
  stretch: null,
  prompt_id: null,
  audience: 'me',
  shared_with: [],
});

// Not needed to begin to write, so it is not in the way of that.
const choices = () => import('../../store/choices');

/** From so many on, reading everything is quicker. */
const FEW = 20;

class Reflections {
  /** The whole timeline, newest first. Items on their way to deletion are not in it. */
  items = $state.raw<KeptReflection[]>([]);
  /** The phone's copy has been read: an empty timeline is really empty. */
  isLoaded = $state(false);

  /** One reading after the other, so that an older one never comes last. */
  #line: Promise<void> = Promise.resolve();

  constructor() {
    session.onSettled(() => void this.load());
    session.onLeave(() => {
      this.items = [];
      this.isLoaded = false;
    });
    listen((news) => {
      if (news.about === 'reflections') void this.#refresh(news.ids);
    });
  }

  /** Read the phone's copy again. What changes later follows by itself, whichever tab or worker changed it. */
  load(): Promise<void> {
    return this.#refresh();
  }

  /** Read these again, or all. A long timeline is not opened anew for one word that changed. */
  #refresh(ids?: string[]): Promise<void> {
    this.#line = this.#line.then(() => this.#read(ids)).catch(() => undefined);
    return this.#line;
  }

  async #read(ids?: string[]): Promise<void> {
    if (session.state !== 'signed_in') return;
    const phone = session.phone;
    const some = ids && ids.length < FEW ? ids : null;
    const kept = some
      ? await Promise.all(some.map((id) => readItem<OwnReflection>(phone, 'reflections', id)))
      : await readItems<OwnReflection>(phone, 'reflections');
    if (session.state !== 'signed_in' || session.phone !== phone) return;
    const rest = some ? this.items.filter((item) => !some.includes(item.id)) : [];
    const read = kept
      .filter((item) => item !== null)
      .map(asKept)
      .filter(isShown);
    this.items = [...rest, ...read].toSorted(newestFirst);
    this.isLoaded ||= !some;
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
    await addItem(session.phone, 'reflections', value.id, value);
    // Shown from memory: what was just written need not be read back before it is answered.
    const kept: KeptReflection = { ...value, state: 'waiting' };
    this.items = [kept, ...this.items].toSorted(newestFirst);
    // It is on the disk: what follows from that can wait until the person has their answer.
    afterFrame(() => this.#send(value.id));
    return kept;
  }

  /** Change words, areas, audience, anything. @throws PhoneIsFull */
  async change(id: string, draft: Partial<ReflectionDraft>): Promise<void> {
    const value = withBefore(this.#known(id));
    const changed = plain({ ...value, ...draft });
    // Only a choice of audience names people; the names of an earlier, unsent choice still stand.
    const names = draft.audience ? chosen(changed) : {};
    await this.#write({ ...value, ...changed, ...names, changed_at: new Date().toISOString() });
  }

  /**
   * Let others see it: chosen people, or the cohort as it is now. Sharing with the cohort again
   * includes those who joined since.
   * @param cohortId needed when the reflection is not in a cohort yet
   */
  async share(
    id: string,
    audience: Audience,
    people: PersonRef[] = [],
    cohortId?: string,
  ): Promise<void> {
    const cohort_id = cohortId ?? this.#known(id).cohort_id;
    await this.change(id, { audience, shared_with: audience === 'me' ? [] : people, cohort_id });
  }

  /** Only the author sees it from now on. */
  async takeBack(id: string): Promise<void> {
    await this.change(id, { audience: 'me', shared_with: [] });
  }

  /** Delete it, here at once and everywhere when there is signal. */
  async remove(id: string): Promise<void> {
    await removeItem(session.phone, 'reflections', id);
    await this.#changed(id);
  }

  /** After a conflict: what stands on this phone becomes the text. */
  async chooseMine(id: string): Promise<void> {
    await (await choices()).choose(session.phone, 'reflections', id, 'mine');
    await this.#changed(id);
  }

  /** After a conflict, or for one that cannot be sent: what the server has becomes the text. */
  async chooseTheirs(id: string): Promise<void> {
    await (await choices()).choose(session.phone, 'reflections', id, 'theirs');
    await this.#changed(id);
  }

  /** After a conflict: the other text stays, and mine is kept as a new, private reflection beside it. */
  async keepBoth(id: string): Promise<KeptReflection> {
    const mine = this.#known(id);
    const copy = await this.keep({ ...mine, audience: 'me', shared_with: [] });
    await this.chooseTheirs(id);
    return copy;
  }

  /** It was deleted elsewhere while I changed it here: keep my words as a new, private reflection. */
  async keepAsNew(id: string): Promise<KeptReflection> {
    return this.keepBoth(id);
  }

  /** Send a parked one again as it is. */
  async retry(id: string): Promise<void> {
    await (await choices()).tryAgain(session.phone, 'reflections', id);
    await this.#changed(id);
  }

  #send(id: string): void {
    if (session.state !== 'signed_in') return;
    connection.hasNew('reflections', [id]);
    void import('../../store/persistence')
      .then(({ askToStay }) => askToStay(session.phone))
      .catch(() => undefined);
  }

  #known(id: string): KeptReflection {
    const item = this.find(id);
    if (!item) throw new Error(`no reflection ${id} on this phone`);
    return item;
  }

  async #write(value: OwnReflection): Promise<void> {
    await writeItem(session.phone, 'reflections', value.id, value);
    await this.#changed(value.id);
  }

  async #changed(id: string): Promise<void> {
    connection.hasNew('reflections', [id]);
    await this.#refresh([id]);
  }
}

/** Only what the server knows, as plain values: a draft may be a reactive proxy, and a kept item has more. */
function plain(draft: ReflectionDraft) {
  const { cohort_id, text, noticing, stretch, prompt_id, audience } = draft;
  const shared_with = draft.shared_with.map(({ id, name }) => ({ id, name }));
  return {
    cohort_id,
    text,
    areas: [...draft.areas],
    noticing,
    stretch,
    prompt_id,
    audience,
    shared_with,
  };
}

const chosen = ({
  audience,
  shared_with,
}: ReflectionDraft): Pick<OwnReflection, 'names_were_chosen'> =>
  audience === 'cohort' && shared_with.length ? { names_were_chosen: true } : {};

/** Without what the phone says about it, and with who could read it until now. */
function withBefore(kept: KeptReflection): OwnReflection {
  const { state, problem: _, theirs: _theirs, isBeingDeleted: _is, isTried, ...value } = kept;
  const { audience, shared_with, before } = value;
  if (state === 'safe') return { ...value, before: { audience, shared_with } };
  const mayBeThere = audience !== 'me' && (isTried || connection.isSending);
  if (mayBeThere && (before?.audience ?? 'me') === 'me')
    value.before = { audience, shared_with, isGuess: true };
  return value;
}

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
