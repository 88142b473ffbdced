/** Check-ins that are open, and what I answer: as last heard, with my own words on top. */
import type { Answer } from '../../api/client';
import type { CheckInAnswerIn, CheckInOut, List } from '../../api/shapes';
import { askFor } from '../../store/asking';
import { Collection } from '../../store/collection.svelte';
import { newId } from '../../store/ids';
import type { Standing } from '../../store/items';
import { standingOf } from '../../store/items';
import { hear } from '../../store/letting-mine-go';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';
import { kept } from '../../store/kept-resource.svelte';

const KIND = 'check_in_answers';

/** My answer, and how safe it is. */
export type MyCheckInAnswer = CheckInAnswerIn & {
  state: Standing['sending'];
  problem: Standing['problem'] | null;
};

/** One, or those of a cohort. */
type Heard = CheckInOut | List<CheckInOut>;

const listed = (heard: Heard): CheckInOut[] => ('items' in heard ? heard.items : [heard]);

class CheckIns {
  #lists = new Map<string, Resource<List<CheckInOut>>>();
  #ones = new Map<string, Resource<CheckInOut>>();
  /** It stays on this phone: once a check-in has closed, the server no longer knows whose answer it was. */
  #own = new Collection<CheckInAnswerIn>(KIND, async () => undefined);

  constructor() {
    session.onLeave(() => this.#forget());
    this.#own.follow();
  }

  /** What is on this phone has been read: until then nobody can say what I have answered. */
  get isRead(): boolean {
    return this.#own.isRead;
  }

  /** The open ones of a cohort. `.value` is there at once from the phone; call `loadOf` to ask. */
  of(cohortId: string): Resource<List<CheckInOut>> {
    return kept(this.#lists, cohortId, `/api/cohorts/${cohortId}/check-ins`);
  }

  /** Those of a cohort that take answers, as far as this phone can know. */
  open(cohortId: string, now = Date.now()): CheckInOut[] {
    const items = this.of(cohortId).value?.items ?? [];
    return items.filter((one) => one.is_open && Date.parse(one.closes_at) > now);
  }

  /** Those that ask me, and that I have not answered; none until this phone can say. */
  forMe(cohortId: string): CheckInOut[] {
    const open = this.isRead ? this.open(cohortId) : [];
    return open.filter((one) => one.is_for_me && !this.mine(one));
  }

  one(id: string): Resource<CheckInOut> {
    return kept(this.#ones, id, `/api/check-ins/${id}`);
  }

  /** As it was heard last, by itself or in a cohort's list. */
  find(id: string): CheckInOut | null {
    return this.#newest(id)[0];
  }

  /** When it was asked for so, in ms. */
  heardAt(id: string): number {
    return this.#newest(id)[1];
  }

  #newest(id: string): [CheckInOut | null, number] {
    const one = this.one(id);
    let [found, heardAt] = [one.value, one.heardAt ?? 0];
    if (one.refusal?.code === 404) return [null, heardAt];
    for (const { id: cohortId } of cohorts.items) {
      const list = this.of(cohortId);
      const listed = list.value?.items.find((item) => item.id === id);
      if (listed && (list.heardAt ?? 0) > heardAt) [found, heardAt] = [listed, list.heardAt ?? 0];
    }
    return [found, heardAt];
  }

  /** My answer, on its way or arrived; null while I have given none. */
  mine({ id, my_answer }: Pick<CheckInOut, 'id' | 'my_answer'>): MyCheckInAnswer | null {
    const item = this.#own.find(id);
    const value = item?.value ?? my_answer;
    const { sending: state, problem = null } = standingOf(item);
    return value ? { ...value, state, problem } : null;
  }

  /** What I answered and could not simply be sent. */
  get parked(): string[] {
    return this.#own.mine.filter(({ row }) => row?.state === 'parked').map(({ id }) => id);
  }

  /** What the phone knows, then what the server says. Never throws. */
  loadOf(cohortId: string): Promise<void> {
    return this.#load([this.of(cohortId)]);
  }

  /** The phone's copy, kept fresh by each opening; the server is asked only where there is none. */
  async loadHere(cohortId: string): Promise<void> {
    const list = this.of(cohortId);
    await list.recall();
    if (list.heardAt === null) await this.loadOf(cohortId);
  }

  loadOne(id: string): Promise<void> {
    const lists = cohorts.items.map((cohort) => this.of(cohort.id));
    return this.#load([this.one(id)], lists);
  }

  /** Answer, or change my answer: kept here at once. @throws PhoneIsFull */
  async answer(id: string, said: CheckInAnswerIn): Promise<void> {
    const { word, signed, wants_to_talk } = said;
    const value: CheckInAnswerIn = { word, note: said.note.trim(), signed, wants_to_talk };
    await this.#own.write(id, value);
  }

  retry(id: string): Promise<void> {
    return this.#own.retry(id);
  }

  /** Let go of what cannot be sent. */
  letGo(id: string): Promise<void> {
    return this.#own.forget(id);
  }

  /** Ask my cohort how it lives a commitment. Needs signal. */
  async ask(cohortId: string, commitmentId: string): Promise<Answer<CheckInOut>> {
    const id = newId();
    const body = { cohort_id: cohortId, commitment_id: commitmentId };
    const path = `/api/check-ins/${id}` as const;
    const answer = await askFor<CheckInOut>(session.phone, 'PUT', path, { body });
    if (answer.kind === 'ok' && answer.data?.id !== id) return { kind: 'unreachable' };
    if (answer.kind !== 'unreachable') await this.#load([this.of(cohortId)], [], true);
    return answer;
  }

  /** @param isFresh something has just been asked for: an answer on its way may be from before */
  async #load(
    asked: Resource<Heard>[],
    recalled: Resource<Heard>[] = [],
    isFresh = false,
  ): Promise<void> {
    const heard = () =>
      asked.flatMap((one) => (one.isStale || !one.value ? [] : listed(one.value)));
    // What was given on another device since is the answer here too.
    const keeps = (id: string) => {
      const value = heard().find((one) => one.id === id)?.my_answer;
      return value ? { value } : undefined;
    };
    const says = (id: string) => (keeps(id) ? Infinity : undefined);
    try {
      await Promise.all(recalled.map((list) => list.recall()));
      await hear([{ own: this.#own, says, keeps }], (isBehind) =>
        Promise.all(asked.map((one) => (isBehind || isFresh ? one.reload() : one.load()))),
      );
    } catch {
      // The phone's store cannot be had just now; what is shown stays.
    }
  }

  #forget(): void {
    this.#lists.clear();
    this.#ones.clear();
    this.#own.clear();
  }
}

export const checkIns = new CheckIns();
