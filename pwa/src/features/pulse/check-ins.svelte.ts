/** Check-ins that are open, and what I answer: as last heard, with my own words on top. */
import { ask, type Answer } from '../../api/client';
import type { CheckInAnswerIn, CheckInOut, List } from '../../api/shapes';
import { forgetItem } from '../../store/choices';
import { connection } from '../../store/connection.svelte';
import { tryAgain } from '../../store/choices';
import type { OutboxState, Phone, Problem } from '../../store/database';
import { newId } from '../../store/ids';
import { changeItem, readItems, writeItem, type KeptItem } from '../../store/items';
import { listen } from '../../store/news';
import { Resource } from '../../store/resource.svelte';
import { seal } from '../../store/seal';
import { session } from '../../store/session.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';
import { kept } from '../../store/kept-resource.svelte';

const KIND = 'check_in_answers';

/** My answer, and how safe it is. */
export type MyAnswer = CheckInAnswerIn & { state: OutboxState | 'safe'; problem: Problem | null };

type Kept = ReadonlyMap<string, KeptItem<CheckInAnswerIn>>;

/** One, or those of a cohort. */
type Heard = CheckInOut | List<CheckInOut>;

const listed = (heard: Heard): CheckInOut[] => ('items' in heard ? heard.items : [heard]);

class CheckIns {
  #lists = new Map<string, Resource<List<CheckInOut>>>();
  #ones = new Map<string, Resource<CheckInOut>>();
  #kept = $state.raw<Kept>(new Map());
  /** What is on this phone has been read: until then nobody can say what I have answered. */
  isRead = $state(false);

  constructor() {
    session.onLeave(() => this.#forget());
    listen((news) => {
      if (news.about === KIND) void this.#read().catch(() => undefined);
    });
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

  one(id: string): Resource<CheckInOut> {
    return kept(this.#ones, id, `/api/check-ins/${id}`);
  }

  /** As it was heard last, by itself or in a cohort's list. */
  find(id: string): CheckInOut | null {
    const one = this.one(id);
    if (one.refusal?.code === 404) return null;
    let [found, heardAt] = [one.value, one.heardAt ?? 0];
    for (const { id: cohortId } of cohorts.items) {
      const list = this.of(cohortId);
      const listed = list.value?.items.find((item) => item.id === id);
      if (listed && (list.heardAt ?? 0) > heardAt) [found, heardAt] = [listed, list.heardAt ?? 0];
    }
    return found;
  }

  /** My answer, on its way or arrived; null while I have given none. */
  mine({ id, my_answer }: Pick<CheckInOut, 'id' | 'my_answer'>): MyAnswer | null {
    const kept = this.#kept.get(id);
    const value = kept?.value ?? my_answer;
    const { state = 'safe', problem = null } = kept?.row ?? {};
    return value ? { ...value, state, problem } : null;
  }

  /** What I answered and could not simply be sent. */
  get parked(): string[] {
    return [...this.#kept.values()]
      .filter(({ row }) => row?.state === 'parked')
      .map(({ id }) => id);
  }

  /** What the phone knows, then what the server says. Never throws. */
  loadOf(cohortId: string): Promise<void> {
    return this.#load([this.of(cohortId)]);
  }

  loadOne(id: string): Promise<void> {
    const lists = cohorts.items.map((cohort) => this.of(cohort.id));
    return this.#load([this.one(id)], lists);
  }

  /** Answer, or change my answer: kept here at once. @throws PhoneIsFull */
  async answer(id: string, said: CheckInAnswerIn): Promise<void> {
    const { word, signed, wants_to_talk } = said;
    const value: CheckInAnswerIn = { word, note: said.note.trim(), signed, wants_to_talk };
    await writeItem(session.phone, KIND, id, value);
    await this.#changed(id);
  }

  async retry(id: string): Promise<void> {
    await tryAgain(session.phone, KIND, id);
    await this.#changed(id);
  }

  /** Let go of what cannot be sent. */
  async letGo(id: string): Promise<void> {
    await forgetItem(session.phone, KIND, id);
    await this.#changed(id);
  }

  /** Ask my cohort how it lives a commitment. Needs signal. */
  async ask(cohortId: string, commitmentId: string): Promise<Answer<CheckInOut>> {
    const id = newId();
    const body = { cohort_id: cohortId, commitment_id: commitmentId };
    const answer = await ask<CheckInOut>('PUT', `/api/check-ins/${id}`, { body });
    if (answer.kind === 'refused' && answer.status === 401) await session.hasEnded();
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
    try {
      await this.#read();
      await Promise.all(recalled.map((list) => list.recall()));
      const { phone } = session;
      const sent = [...this.#kept.values()].filter(({ row }) => !row);
      const isBehind = isFresh || sent.length > 0;
      await Promise.all(asked.map((one) => (isBehind ? one.reload() : one.load())));
      for (const one of asked) if (!one.isStale) await this.#follow(phone, sent, one.value);
      await this.#read();
    } catch {
      // The phone's store cannot be had just now; what is shown stays.
    }
  }

  /** What is kept here follows the server's, where it has one of mine that was given on another device since. */
  async #follow(
    phone: Phone,
    sent: KeptItem<CheckInAnswerIn>[],
    heard: Heard | null,
  ): Promise<void> {
    const now = new Map(heard && listed(heard).map((one) => [one.id, one.my_answer]));
    for (const { id, version } of sent) {
      const answer = now.get(id);
      if (!answer) continue;
      const sealed = await seal(phone.key, answer);
      await changeItem(phone, KIND, id, (item, row) =>
        row || item?.version !== version ? null : { item: { ...item, sealed }, row },
      );
    }
  }

  async #changed(id: string): Promise<void> {
    connection.hasNew(KIND, [id]);
    await this.#read();
  }

  async #read(): Promise<void> {
    if (session.state !== 'signed_in') return;
    const { phone } = session;
    const items = await readItems<CheckInAnswerIn>(phone, KIND);
    if (session.state !== 'signed_in' || session.phone !== phone) return;
    this.#kept = new Map(items.map((item) => [item.id, item]));
    this.isRead = true;
  }

  #forget(): void {
    this.#lists.clear();
    this.#ones.clear();
    this.#kept = new Map();
    this.isRead = false;
  }
}

export const checkIns = new CheckIns();
