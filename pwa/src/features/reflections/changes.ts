/** What its author does with a reflection after it was kept. Not needed to begin to write, so it is not in the way of that. */
import type { Audience, PersonRef } from '../../api/shapes';
import { choose, removeItem, tryAgain } from '../../store/choices';
import { connection } from '../../store/connection.svelte';
import type { Phone } from '../../store/database';
import type { OwnReflection } from './kinds';
import { chosen, plain, type ReflectionDraft } from './keeping';
import { reflections, type KeptReflection } from './reflections.svelte';

const KIND = 'reflections';

class Changes {
  /** Change words, areas, audience, anything. @throws PhoneIsFull */
  async change(id: string, draft: Partial<ReflectionDraft>): Promise<void> {
    const value = withBefore(known(id));
    const changed = plain({ ...value, ...draft });
    // Only a choice of audience names people; the names of an earlier, unsent choice still stand.
    const names = draft.audience ? chosen(changed) : {};
    const changed_at = new Date().toISOString();
    await reflections.own.write(id, { ...value, ...changed, ...names, changed_at });
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
    const cohort_id = cohortId ?? known(id).cohort_id;
    await this.change(id, { audience, shared_with: audience === 'me' ? [] : people, cohort_id });
  }

  /** Only the author sees it from now on. */
  async takeBack(id: string): Promise<void> {
    await this.change(id, { audience: 'me', shared_with: [] });
  }

  /** Delete it, here at once and everywhere when there is signal. */
  remove(id: string): Promise<void> {
    return step(id, (phone) => removeItem(phone, KIND, id));
  }

  /** After a conflict: what stands on this phone becomes the text. */
  chooseMine(id: string): Promise<void> {
    return step(id, (phone) => choose(phone, KIND, id, 'mine'));
  }

  /** After a conflict, or for one that cannot be sent: what the server has becomes the text. */
  chooseTheirs(id: string): Promise<void> {
    return step(id, (phone) => choose(phone, KIND, id, 'theirs'));
  }

  /** After a conflict: the other text stays, and mine is kept as a new, private reflection beside it. */
  async keepBoth(id: string): Promise<KeptReflection> {
    const copy = await reflections.keep({ ...known(id), audience: 'me', shared_with: [] });
    await this.chooseTheirs(id);
    return copy;
  }

  /** It was deleted elsewhere while I changed it here: keep my words as a new, private reflection. */
  async keepAsNew(id: string): Promise<KeptReflection> {
    return this.keepBoth(id);
  }

  /** Send a parked one again as it is. */
  retry(id: string): Promise<void> {
    return step(id, (phone) => tryAgain(phone, KIND, id));
  }
}

const step = (id: string, work: (phone: Phone) => Promise<void>): Promise<void> =>
  reflections.own.step(id, work);

function known(id: string): KeptReflection {
  const item = reflections.find(id);
  if (!item) throw new Error(`no reflection ${id} on this phone`);
  return item;
}

/** Without what the phone says about it, and with who could read it until now. */
function withBefore(kept: KeptReflection): OwnReflection {
  const {
    state,
    problem: _,
    theirs: _theirs,
    isBeingDeleted: _is,
    isTried,
    reached: _reached,
    ...value
  }: KeptReflection = kept;
  const { audience, shared_with, cohort_id, before } = value;
  if (state === 'safe') return { ...value, before: { audience, shared_with, cohort_id } };
  const mayBeThere = audience !== 'me' && (isTried || connection.isSending);
  if (mayBeThere && (before?.audience ?? 'me') === 'me')
    value.before = { audience, shared_with, cohort_id, isGuess: true };
  return value;
}

export const changes = new Changes();
