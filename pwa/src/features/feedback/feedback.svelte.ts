/** Feedback between two people: as last heard from the server, with what I did since on top. */
import type { Answer } from '../../api/client';
import type {
  DeclineHow,
  FeedbackBalance,
  FeedbackOut,
  FeedbackRequestOut,
  PersonRef,
  ReflectionOut,
} from '../../api/shapes';
import { askFor } from '../../store/asking';
import { Collection } from '../../store/collection.svelte';
import type { FeedbackKind } from '../../store/database';
import { newId } from '../../store/ids';
import { changeItem } from '../../store/items';
import { hear } from '../../store/letting-mine-go';
import { Resource } from '../../store/resource.svelte';
import { seal } from '../../store/seal';
import { actId, type Act, type AnswerWords, type OwnAnswer, type OwnAsk, type Step } from './kinds';
import { session } from '../../store/session.svelte';
import { asked, offered, type AskDraft } from './begun';
import { FeedbackLists } from './lists.svelte';
import { orphansOf, placed, threadsOf, type Known, type Piece, type Thread } from './threads';

export interface ThanksDraft {
  text: string;
  heard: string;
  wants_to_talk: boolean;
}

class FeedbackStore {
  #lists = $state.raw(new FeedbackLists());
  /** What I made, by its kind. */
  #own = {
    feedback_requests: new Collection<OwnAsk>('feedback_requests', () => this.#lists.catchUp()),
    feedback_answers: new Collection<OwnAnswer>('feedback_answers', () => this.#lists.catchUp()),
    feedback_offers: new Collection<FeedbackOut>('feedback_offers', () => this.#lists.catchUp()),
    feedback_acts: new Collection<Act>('feedback_acts', () => this.#lists.catchUp()),
  } satisfies Record<FeedbackKind, Collection<any>>;
  /** The phone's copy has been read: an empty list is really empty. */
  isLoaded = $state(false);

  #running: Promise<void> | null = null;

  constructor() {
    session.onLeave(() => this.#forget());
    for (const own of this.#all) own.follow(() => this.#hasArrived() && this.#reload());
  }

  readonly threads = $derived.by(() => threadsOf(this.#known));
  readonly places = $derived.by(() => placed(this.threads));
  /** What others wait for: asked of me, or offered to me, and neither answered nor welcomed. */
  readonly toAnswer = $derived(
    this.places.answer.filter(({ piece }) => !piece.answer && piece.state !== 'welcomed'),
  );
  readonly orphans = $derived.by(() => orphansOf(this.#known, this.threads));
  /** Asks and offers of mine that could not simply be sent. */
  readonly troubled = $derived.by(() =>
    this.threads.filter(({ sending }) => sending === 'parked' || sending === 'conflict'),
  );

  /** Ids of those whom I asked, or offered something, the last first. */
  readonly turnedTo = $derived.by(() =>
    this.threads
      .filter(({ isMine }) => isMine)
      .flatMap(({ isOffer, pieces }) =>
        pieces.map(({ giver, receiver }) => (isOffer ? receiver : giver).id),
      ),
  );

  get #known(): Known {
    const { asking, asked, offered } = this.#lists;
    const own = this.#own;
    return {
      asking,
      asked,
      offered,
      requests: own.feedback_requests.mine,
      answers: own.feedback_answers.mine,
      offers: own.feedback_offers.mine,
      acts: own.feedback_acts.mine,
      undone: new Set(
        this.#all.flatMap(({ kind, gone }) => [...gone].map((id) => `${kind}/${id}`)),
      ),
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

  /** When the server was asked for all of them, in ms; null if it never was. */
  get heardAt(): number | null {
    return this.#lists.heardAt;
  }

  /** The server has just said what there is: what is not in it is gone. */
  get isCertain(): boolean {
    return this.isLoaded && this.isHeard && !this.isStale;
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
    const { phone } = session;
    let isHeard = false;
    const says = () => (isHeard ? Infinity : undefined);
    const laid = this.#all.map((own) => ({ own, says }));
    await hear(laid, async (isBehind) => {
      isHeard = await this.#lists.load(isBehind);
      this.isLoaded = true;
    });
    if (!isHeard || !session.isStill(phone)) return;
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
    const before = this.#own.feedback_requests.find(id)?.value ?? this.#lists.ask(id);
    const value = asked(draft, id, this.#me, before);
    await this.#own.feedback_requests.write(id, value, version ?? (before?.version || null));
    return id;
  }

  /** Withdraw an ask or an offer: at once here, and from the others when there is signal. */
  async withdraw(thread: Thread): Promise<void> {
    const kind = thread.isOffer ? 'feedback_offers' : 'feedback_requests';
    const listed = thread.isOffer ? this.#lists.offer(thread.id) : this.#lists.ask(thread.id);
    const value = listed && asOwn(listed);
    const own: Collection<any> = this.#own[kind];
    await own.remove(thread.id, listed ? { value, version: listed.version } : undefined);
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
    await this.#own.feedback_answers.write(thread.id, value, piece.version || null);
  }

  /** Take my answer back while it is closed, or let go of one whose ask was withdrawn. */
  async takeBack(thread: Thread, piece: Piece): Promise<void> {
    const { noticed, landed, wonder, receiver, version } = piece;
    const value: OwnAnswer = { noticed, landed, wonder, to: receiver };
    await this.#own.feedback_answers.remove(thread.id, version ? { value, version } : undefined);
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
    await this.#own.feedback_offers.write(id, value);
    return id;
  }

  /** Open an answer. The words are the server's to give, so this alone needs signal. */
  async open(piece: Piece): Promise<Answer<FeedbackOut>> {
    const { phone } = session;
    const path = `/api/feedback-requests/${piece.id}/open` as const;
    const answer = await askFor<FeedbackOut>(phone, 'POST', path, { body: {} });
    if (answer.kind !== 'ok' || answer.data?.id !== piece.id) return answer;
    // Kept as what has arrived already: it can be read from now on, also without signal.
    const act: Act = { body: {}, after: answer.data, at: Date.now() };
    const sealed = await seal(phone.key, act);
    const id = actId('open', piece.id);
    await changeItem(phone, 'feedback_acts', id, () => ({
      item: { id, version: answer.data.version, sealed },
      row: null,
    }));
    await this.#own.feedback_acts.read();
    void this.#reload();
    return answer;
  }

  // --- what could not simply be sent

  choose(kind: FeedbackKind, id: string, whose: 'mine' | 'theirs'): Promise<void> {
    return this.#own[kind].choose(id, whose);
  }

  retry(kind: FeedbackKind, id: string): Promise<void> {
    return this.#own[kind].retry(id);
  }

  letGo(kind: FeedbackKind, id: string): Promise<void> {
    return this.#own[kind].forget(id);
  }

  // ---

  get #me(): PersonRef {
    return { id: session.phone.personId, name: session.person?.name ?? '' };
  }

  #act(step: Step, piece: Piece, body: Record<string, unknown> = {}): Promise<void> {
    return this.#own.feedback_acts.write(actId(step, piece.id), { body });
  }

  /** Something I did has reached the server, or cannot: the lists are behind. */
  #hasArrived(): boolean {
    const all = this.#all.flatMap((own) => own.all);
    return !all.some(({ row }) => row?.state === 'waiting') && all.some(({ row }) => !row);
  }

  get #all(): Collection<any>[] {
    return Object.values(this.#own);
  }

  #forget(): void {
    this.#lists = new FeedbackLists();
    this.#all.forEach((own) => own.clear());
    this.isLoaded = false;
  }
}

/** A request from a list, as the store keeps one of mine. */
function asOwn(out: FeedbackRequestOut | FeedbackOut): unknown {
  return 'feedback' in out ? { ...out, asked: out.feedback.map(({ giver }) => giver) } : out;
}

export const feedback = new FeedbackStore();
