/** Feedback between two people: as last heard from the server, with what I did since on top. */
import { ask, type Answer } from '../../api/client';
import type {
  DeclineHow,
  FeedbackBalance,
  FeedbackOut,
  FeedbackRequestOut,
  PersonRef,
  ReflectionOut,
} from '../../api/shapes';
import { adoptItem } from '../../store/adopt';
import type { FeedbackKind } from '../../store/database';
import { newId } from '../../store/ids';
import { changeItem, type KeptItem } from '../../store/items';
import { OwnItems } from '../../store/own-items.svelte';
import { Resource } from '../../store/resource.svelte';
import { seal } from '../../store/seal';
import {
  actId,
  type Act,
  type AnswerWords,
  type OwnAnswer,
  type OwnAsk,
  type Step,
} from '../../store/senders-feedback';
import { session } from '../../store/session.svelte';
import { asked, offered, type AskDraft } from './begun';
import { FeedbackLists } from './lists.svelte';
import { orphansOf, placed, threadsOf, type Known, type Piece, type Thread } from './threads';

export interface ThanksDraft {
  text: string;
  heard: string;
  wants_to_talk: boolean;
}

/** What I made, by its kind. */
interface Own extends Record<FeedbackKind, unknown> {
  feedback_requests: OwnAsk;
  feedback_answers: OwnAnswer;
  feedback_offers: FeedbackOut;
  feedback_acts: Act;
}

const KINDS = [
  'feedback_requests',
  'feedback_answers',
  'feedback_offers',
  'feedback_acts',
] as const satisfies readonly FeedbackKind[];

class FeedbackStore {
  #lists = $state.raw(new FeedbackLists());
  #own = new OwnItems<Own>(KINDS, () => this.#hasArrived() && void this.#reload());
  #undone = $state.raw<ReadonlySet<string>>(new Set());
  /** The phone's copy has been read: an empty list is really empty. */
  isLoaded = $state(false);

  #running: Promise<void> | null = null;

  constructor() {
    session.onLeave(() => this.#forget());
  }

  readonly threads = $derived.by(() => threadsOf(this.#known));
  readonly places = $derived.by(() => placed(this.threads));
  readonly orphans = $derived.by(() => orphansOf(this.#known, this.threads));
  /** Asks and offers of mine that could not simply be sent. */
  readonly troubled = $derived.by(() =>
    this.threads.filter(({ sending }) => sending === 'parked' || sending === 'conflict'),
  );

  get #known(): Known {
    const { asking, asked, offered } = this.#lists;
    const { now } = this.#own;
    return {
      asking,
      asked,
      offered,
      requests: now.feedback_requests,
      answers: now.feedback_answers,
      offers: now.feedback_offers,
      acts: now.feedback_acts,
      undone: this.#undone,
    };
  }

  /** What is shown is the phone's copy: the server could not be reached. */
  get isStale(): boolean {
    return this.#lists.isStale;
  }

  /** The lists were heard at least once, now or earlier. */
  get isHeard(): boolean {
    return this.#lists.isHeard;
  }

  /** How often I asked and was asked. For my eyes; towards no number. */
  get balance(): FeedbackBalance | null {
    return this.#lists.balance;
  }

  /** By the id of the request or the offer; a notice may also name a piece of it. */
  find(id: string): Thread | null {
    return this.threads.find((one) => one.id === id || one.pieces.some((p) => p.id === id)) ?? null;
  }

  /** The reflection that came with an ask. */
  attached(id: string): Resource<ReflectionOut> {
    return this.#lists.attached(id);
  }

  /** Read the phone's copy, then ask the server. Never throws. */
  load(): Promise<void> {
    this.#running ??= this.#load()
      .catch(() => undefined)
      .finally(() => (this.#running = null));
    return this.#running;
  }

  /** As `load`, but asked for from now on. */
  async #reload(): Promise<void> {
    await this.#running;
    await this.load();
  }

  async #load(): Promise<void> {
    await this.#own.read();
    const phone = session.phone;
    const settled = this.#settled;
    const unsent = new Set(this.#items.map(([kind, { id, row }]) => row && `${kind}/${id}`));
    const undone = new Set([...this.#undone].filter((key) => !unsent.has(key)));
    const isHeard = await this.#lists.load(settled.length > 0 || undone.size > 0);
    this.isLoaded = true;
    if (!isHeard || session.state !== 'signed_in' || session.phone !== phone) return;
    // The lists are newer now than what had arrived before they were asked for.
    for (const [kind, item] of settled) await this.#own.hasArrived(phone, kind, item);
    this.#undone = new Set([...this.#undone].filter((key) => !undone.has(key)));
    await this.#own.read();
    await this.#fetchAttached();
  }

  /** What came with asks that wait for me can be read without signal too. */
  async #fetchAttached(): Promise<void> {
    const ids = this.places.answer
      .map(({ thread }) => thread.reflection_id)
      .filter((id) => id !== null);
    await Promise.all(ids.map((id) => this.attached(id).load()));
  }

  // --- what I do; each is on the disk before it is answered. @throws PhoneIsFull

  /** Ask one to three people; its id. With an `id`: change what was asked. */
  async ask(draft: AskDraft, id: string = newId(), version: number | null = null): Promise<string> {
    const before =
      this.#own.now.feedback_requests.find((item) => item.id === id)?.value ?? this.#lists.ask(id);
    const value = asked(draft, id, this.#me, before);
    await this.#own.write('feedback_requests', id, value, version ?? (before?.version || null));
    return id;
  }

  /** Withdraw an ask or an offer: at once here, and from the others when there is signal. */
  async withdraw(thread: Thread): Promise<void> {
    const kind = thread.isOffer ? 'feedback_offers' : 'feedback_requests';
    const listed = thread.isOffer ? this.#lists.offer(thread.id) : this.#lists.ask(thread.id);
    const { phone } = session;
    if (listed) await adoptItem(phone, kind, thread.id, asOwn(listed), listed.version);
    this.#undo(kind, thread.id);
    await this.#own.remove(kind, thread.id);
  }

  /** Answer what I was asked or what I offered, or change my answer. */
  async answer(thread: Thread, piece: Piece, words: AnswerWords): Promise<void> {
    const { noticed, landed, wonder } = words;
    const value: OwnAnswer = {
      noticed: noticed.trim(),
      landed: landed.trim(),
      wonder: wonder.trim(),
      to: piece.receiver,
    };
    this.#redo('feedback_answers', thread.id);
    await this.#own.write('feedback_answers', thread.id, value, piece.version || null);
  }

  /** Take my answer back while it is closed, or let go of one whose ask was withdrawn. */
  async takeBack(thread: Thread, piece: Piece): Promise<void> {
    const { noticed, landed, wonder, receiver, version } = piece;
    const { phone } = session;
    const value: OwnAnswer = { noticed, landed, wonder, to: receiver };
    if (version) await adoptItem(phone, 'feedback_answers', thread.id, value, version);
    this.#undo('feedback_answers', thread.id);
    await this.#own.remove('feedback_answers', thread.id);
  }

  decline(piece: Piece, how: DeclineHow): Promise<void> {
    return this.#act('decline', piece, { how });
  }

  /** Yes to what was offered. */
  welcome(piece: Piece): Promise<void> {
    return this.#act('welcome', piece);
  }

  /** Once, and never by itself. */
  remind(piece: Piece): Promise<void> {
    return this.#act('reminder', piece);
  }

  thank(piece: Piece, { text, heard, wants_to_talk }: ThanksDraft): Promise<void> {
    return this.#act('thanks', piece, { text: text.trim(), heard: heard.trim(), wants_to_talk });
  }

  agreeToPassOn(piece: Piece, agrees: boolean): Promise<void> {
    return this.#act('passing-on', piece, { agrees });
  }

  /** Ask whether feedback would be welcome; the offer's id. */
  async offer(cohortId: string, to: PersonRef, about: string): Promise<string> {
    const id = newId();
    const value = offered(cohortId, this.#me, to, about, id);
    await this.#own.write('feedback_offers', id, value);
    return id;
  }

  /** Open an answer. The words are the server's to give, so this alone needs signal. */
  async open(piece: Piece): Promise<Answer<FeedbackOut>> {
    const { phone } = session;
    const answer = await ask<FeedbackOut>('POST', `/api/feedback-requests/${piece.id}/open`, {
      body: {},
    });
    if (answer.kind === 'refused' && answer.status === 401) await session.hasEnded();
    if (answer.kind !== 'ok' || answer.data?.id !== piece.id) return answer;
    // Kept as what has arrived already: it can be read from now on, also without signal.
    const act: Act = { body: {}, after: answer.data, at: Date.now() };
    const sealed = await seal(phone.key, act);
    const id = actId('open', piece.id);
    await changeItem(phone, 'feedback_acts', id, () => ({
      item: { id, version: answer.data.version, sealed },
      row: null,
    }));
    await this.#own.read();
    void this.#reload();
    return answer;
  }

  // --- what could not simply be sent

  choose(kind: FeedbackKind, id: string, whose: 'mine' | 'theirs'): Promise<void> {
    return this.#own.choose(kind, id, whose);
  }

  retry(kind: FeedbackKind, id: string): Promise<void> {
    return this.#own.retry(kind, id);
  }

  letGo(kind: FeedbackKind, id: string): Promise<void> {
    return this.#own.letGo(kind, id);
  }

  // ---

  get #me(): PersonRef {
    return { id: session.phone.personId, name: session.person?.name ?? '' };
  }

  #act(step: Step, piece: Piece, body: Record<string, unknown> = {}): Promise<void> {
    return this.#own.write('feedback_acts', actId(step, piece.id), { body } satisfies Act);
  }

  #undo(kind: FeedbackKind, id: string): void {
    this.#undone = new Set([...this.#undone, `${kind}/${id}`]);
  }

  #redo(kind: FeedbackKind, id: string): void {
    this.#undone = new Set([...this.#undone].filter((key) => key !== `${kind}/${id}`));
  }

  /** Something I did has reached the server, or cannot: the lists are behind. */
  #hasArrived(): boolean {
    const isWaiting = this.#items.some(([, { row }]) => row?.state === 'waiting');
    return !isWaiting && (this.#settled.length > 0 || this.#undone.size > 0);
  }

  get #items(): [FeedbackKind, KeptItem<unknown>][] {
    return KINDS.flatMap((kind) =>
      this.#own.now[kind].map((item): [FeedbackKind, KeptItem<unknown>] => [kind, item]),
    );
  }

  /** What the server has of mine. */
  get #settled(): [FeedbackKind, KeptItem<unknown>][] {
    return this.#items.filter(([, { row }]) => !row);
  }

  #forget(): void {
    this.#lists = new FeedbackLists();
    this.#undone = new Set();
    this.isLoaded = false;
  }
}

/** A request from a list, as the store keeps one of mine. */
function asOwn(out: FeedbackRequestOut | FeedbackOut): unknown {
  return 'feedback' in out ? { ...out, asked: out.feedback.map(({ giver }) => giver) } : out;
}

export const feedback = new FeedbackStore();
