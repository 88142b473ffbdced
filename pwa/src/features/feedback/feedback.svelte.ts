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
import { adoptItem, forgetItem } from '../../store/adopt';
import { connection } from '../../store/connection.svelte';
import { choose, tryAgain } from '../../store/choices';
import type { FeedbackKind, Phone } from '../../store/database';
import { newId } from '../../store/ids';
import { changeItem, readItems, removeItem, writeItem } from '../../store/items';
import { listen } from '../../store/news';
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

type Kept = Pick<Known, 'requests' | 'answers' | 'offers' | 'acts'>;

const KINDS: readonly FeedbackKind[] = [
  'feedback_requests',
  'feedback_answers',
  'feedback_offers',
  'feedback_acts',
];
const NOTHING_KEPT: Kept = { requests: [], answers: [], offers: [], acts: [] };

class FeedbackStore {
  #lists = $state.raw(new FeedbackLists());
  #kept = $state.raw<Kept>(NOTHING_KEPT);
  #undone = $state.raw<ReadonlySet<string>>(new Set());
  /** The phone's copy has been read: an empty list is really empty. */
  isLoaded = $state(false);

  #running: Promise<void> | null = null;
  #line: Promise<void> = Promise.resolve();

  constructor() {
    session.onLeave(() => this.#forget());
    listen((news) => {
      if (!(KINDS as readonly string[]).includes(news.about)) return;
      void this.#read().then(() => {
        if (this.#hasArrived()) void this.load();
      });
    });
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
    return { asking, asked, offered, ...this.#kept, undone: this.#undone };
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

  async #load(): Promise<void> {
    await this.#read();
    const phone = session.phone;
    const settled = settledOf(this.#kept);
    const undone = this.#undone;
    const isHeard = await this.#lists.load();
    this.isLoaded = true;
    if (session.state !== 'signed_in' || session.phone !== phone) return;
    if (!isHeard) return;
    // The lists are newer now than what had arrived before they were asked for.
    for (const [kind, id] of settled)
      await changeItem(phone, kind, id, (_item, row) => (row ? null : { item: null, row: null }));
    this.#undone = new Set([...this.#undone].filter((key) => !undone.has(key)));
    await this.#read();
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
    const before = this.#kept.requests.find((item) => item.id === id)?.value ?? this.#lists.ask(id);
    const value = asked(draft, id, this.#me, before);
    await this.#write('feedback_requests', id, value, version ?? (before?.version || null));
    return id;
  }

  /** Withdraw an ask or an offer: at once here, and from the others when there is signal. */
  async withdraw(thread: Thread): Promise<void> {
    const kind = thread.isOffer ? 'feedback_offers' : 'feedback_requests';
    const listed = thread.isOffer ? this.#lists.offer(thread.id) : this.#lists.ask(thread.id);
    const { phone } = session;
    if (listed) await adoptItem(phone, kind, thread.id, asOwn(listed), listed.version);
    this.#undo(kind, thread.id);
    await removeItem(phone, kind, thread.id);
    await this.#changed(kind, thread.id);
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
    await this.#write('feedback_answers', thread.id, value, piece.version || null);
  }

  /** Take my answer back while it is closed. */
  async takeBack(thread: Thread, piece: Piece): Promise<void> {
    const { noticed, landed, wonder, receiver, version } = piece;
    const { phone } = session;
    const value: OwnAnswer = { noticed, landed, wonder, to: receiver };
    if (version) await adoptItem(phone, 'feedback_answers', thread.id, value, version);
    this.#undo('feedback_answers', thread.id);
    await removeItem(phone, 'feedback_answers', thread.id);
    await this.#changed('feedback_answers', thread.id);
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
    await this.#write('feedback_offers', id, value);
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
    await this.#read();
    void this.load();
    return answer;
  }

  // --- what could not simply be sent

  /** After a conflict: whose words stay. */
  async choose(kind: FeedbackKind, id: string, whose: 'mine' | 'theirs'): Promise<void> {
    await choose(session.phone, kind, id, whose);
    await this.#changed(kind, id);
  }

  async retry(kind: FeedbackKind, id: string): Promise<void> {
    await tryAgain(session.phone, kind, id);
    await this.#changed(kind, id);
  }

  /** Let words or a wish of mine go that cannot be sent. */
  async letGo(kind: FeedbackKind, id: string): Promise<void> {
    await forgetItem(session.phone, kind, id);
    await this.#changed(kind, id);
  }

  // ---

  get #me(): PersonRef {
    return { id: session.phone.personId, name: session.person?.name ?? '' };
  }

  #act(step: Step, piece: Piece, body: Record<string, unknown> = {}): Promise<void> {
    return this.#write('feedback_acts', actId(step, piece.id), { body } satisfies Act);
  }

  async #write(
    kind: FeedbackKind,
    id: string,
    value: unknown,
    known?: number | null,
  ): Promise<void> {
    // A draft may be a reactive proxy; what is kept is plain.
    const plain = JSON.parse(JSON.stringify(value)) as unknown;
    await writeItem(session.phone, kind, id, plain, known);
    await this.#changed(kind, id);
  }

  async #changed(kind: FeedbackKind, id: string): Promise<void> {
    connection.hasNew(kind, [id]);
    await this.#read();
  }

  #undo(kind: FeedbackKind, id: string): void {
    this.#undone = new Set([...this.#undone, `${kind}/${id}`]);
  }

  #redo(kind: FeedbackKind, id: string): void {
    this.#undone = new Set([...this.#undone].filter((key) => key !== `${kind}/${id}`));
  }

  /** One reading after the other, so that an older one never comes last. */
  #read(): Promise<void> {
    this.#line = this.#line.then(() => this.#readNow()).catch(() => undefined);
    return this.#line;
  }

  async #readNow(): Promise<void> {
    if (session.state !== 'signed_in') return;
    const { phone } = session;
    const [requests, answers, offers, acts] = await Promise.all([
      readItems<OwnAsk>(phone, 'feedback_requests'),
      readItems<OwnAnswer>(phone, 'feedback_answers'),
      readItems<FeedbackOut>(phone, 'feedback_offers'),
      readItems<Act>(phone, 'feedback_acts'),
    ]);
    if (isSame(phone)) this.#kept = { requests, answers, offers, acts };
  }

  /** Something I did has reached the server, or cannot: the lists are behind. */
  #hasArrived(): boolean {
    const rows = [...this.#kept.requests, ...this.#kept.answers, ...this.#kept.offers];
    const isWaiting = [...rows, ...this.#kept.acts].some(({ row }) => row?.state === 'waiting');
    return !isWaiting && (settledOf(this.#kept).length > 0 || this.#undone.size > 0);
  }

  #forget(): void {
    this.#lists = new FeedbackLists();
    this.#kept = NOTHING_KEPT;
    this.#undone = new Set();
    this.isLoaded = false;
  }
}

const isSame = (phone: Phone): boolean => session.state === 'signed_in' && session.phone === phone;

/** What the server has of mine, by kind and id. */
function settledOf({ requests, answers, offers, acts }: Kept): [FeedbackKind, string][] {
  const idle = (kind: FeedbackKind, items: readonly { id: string; row: unknown }[]) =>
    items.filter(({ row }) => !row).map(({ id }): [FeedbackKind, string] => [kind, id]);
  return [
    ...idle('feedback_requests', requests),
    ...idle('feedback_answers', answers),
    ...idle('feedback_offers', offers),
    ...idle('feedback_acts', acts),
  ];
}

/** A request from a list, as the store keeps one of mine. */
function asOwn(out: FeedbackRequestOut | FeedbackOut): unknown {
  return 'feedback' in out ? { ...out, asked: out.feedback.map(({ giver }) => giver) } : out;
}

export const feedback = new FeedbackStore();
