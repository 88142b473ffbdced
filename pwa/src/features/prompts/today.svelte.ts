/** The question of the day: the same from morning to night, also without signal. */
import type { DayOut, PromptOut, TodayOut } from '../../api/shapes';
import { Pending } from '../../store/pending.svelte';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { AGAIN } from '../../core/again';
import { today } from '../../core/days';

/** How long the place of a question that this phone has never heard is kept for it, in milliseconds. */
const ON_ITS_WAY = 2_000;
const ANSWERED = 'answered_question';

/** A question, and the day on which it was answered. */
type Answered = { id: string; date: string };

export class TodaysQuestion {
  /** What this phone has of it was read, and whether it rests with it: nothing on Today is drawn before. */
  isRead = $state(false);
  /** It is here, or does not seem to come: until then nothing is shown, so that no question changes under the eye. */
  isKnown = $state(false);
  /** One that was asked for by name: a notification led here. */
  asked = $state.raw<PromptOut | null>(null);

  #heard = $state.raw(new Resource<TodayOut>('/api/prompts/today'));
  /** What I made of some days; the server counts no versions of it. */
  #chosen = new Pending<DayOut>(
    'days',
    () => true,
    () => this.#heard.catchUp(),
  );
  #day = $state(today());
  /** What was answered last, and on which day. */
  #answered = $state.raw<Answered | null>(null);

  constructor() {
    session.onArrive(() => void this.#recall());
    session.onSettled(() => void this.#hear());
    session.onLeave(() => this.#forget());
    this.#chosen.follow(() => this.load());
    // An app that stayed open overnight goes on with the new day.
    const follow = () => this.#day !== today() && void this.#hear();
    document.addEventListener('visibilitychange', follow);
    addEventListener(AGAIN, follow);
  }

  /** The date it is the question of. */
  get day(): string {
    return this.#day;
  }

  /** What I made of the day; given where I left it as it came. */
  get choice(): DayOut['choice'] {
    return this.#own?.choice ?? 'given';
  }

  /** Null on a day that is to have none, and before anything was ever heard. */
  get prompt(): PromptOut | null {
    if (this.asked) return this.asked;
    if (this.#own) return this.#own.prompt;
    return this.#heard.value?.coming.find(({ date }) => date === this.#day)?.prompt ?? null;
  }

  /** It was answered today: it rests until tomorrow. */
  get isAnswered(): boolean {
    const { id, date } = this.#answered ?? {};
    return date === this.#day && id === this.prompt?.id;
  }

  /** It has been answered, here or on another device. */
  async rest(id: string): Promise<void> {
    this.#answered = { id, date: this.#day };
    await session.phone.db.put('meta', { key: ANSWERED, value: this.#answered });
  }

  async load(): Promise<void> {
    this.#day = today();
    const { hear } = await import('../../store/letting-mine-go');
    const heard = this.#heard;
    // The server counts no versions of what I made of a day.
    const laid = { own: this.#chosen, says: () => (heard.isStale ? undefined : Infinity) };
    await hear([laid], (isBehind) => (isBehind ? heard.reload() : heard.load()));
  }

  /** Another, my own, none, or the given one after all. Kept here at once. */
  async choose(choice: DayOut['choice'], prompt: PromptOut | null): Promise<void> {
    this.asked = null;
    const date = this.#day;
    await this.#chosen.write(date, { date, choice, prompt });
  }

  get #own(): DayOut | null {
    const chosen = this.#chosen.find(this.#day);
    if (chosen) return chosen.value;
    return this.#heard.value?.date === this.#day ? this.#heard.value : null;
  }

  async #recall(): Promise<void> {
    const heard = this.#heard;
    const answered = session.phone.db.get('meta', ANSWERED).then((row) => {
      if (heard === this.#heard) this.#answered = (row?.value as Answered | undefined) ?? null;
    });
    await Promise.all([this.#chosen.read(), heard.recall(), answered]).catch(() => undefined);
    if (heard === this.#heard) this.isRead = true;
    if (this.#own || this.prompt) this.#isHere(heard);
    else setTimeout(() => this.#isHere(heard), ON_ITS_WAY);
  }

  async #hear(): Promise<void> {
    const heard = this.#heard;
    await this.load().catch(() => undefined);
    this.#isHere(heard);
  }

  /** @param heard whose: somebody else may have arrived meanwhile */
  #isHere(heard: Resource<TodayOut>): void {
    if (heard === this.#heard) this.isKnown = true;
  }

  #forget(): void {
    this.#heard = new Resource('/api/prompts/today');
    this.#chosen.clear();
    this.#answered = null;
    this.asked = null;
    this.isRead = this.isKnown = false;
  }
}

export const question = new TodaysQuestion();
