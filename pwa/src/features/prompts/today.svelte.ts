/** The question of the day: the same from morning to night, also without signal. */
import type { DayOut, PromptOut, TodayOut } from '../../api/shapes';
import { connection } from '../../store/connection.svelte';
import { letGoOfSent, readItems, writeItem, type KeptItem } from '../../store/items';
import { listen } from '../../store/news';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { today } from '../../core/days';

/** How long the place of a question that this phone has never heard is kept for it, in milliseconds. */
const ON_ITS_WAY = 2_000;

export class TodaysQuestion {
  /** It is here, or does not seem to come: until then nothing is shown, so that no question changes under the eye. */
  isKnown = $state(false);
  /** One that was asked for by name: a notification led here. */
  asked = $state.raw<PromptOut | null>(null);

  #heard = $state.raw(new Resource<TodayOut>('/api/prompts/today'));
  #chosen = $state.raw<KeptItem<DayOut> | null>(null);
  #day = $state(today());

  constructor() {
    session.onArrive(() => void this.#recall());
    session.onSettled(() => void this.#hear());
    session.onLeave(() => this.#forget());
    listen((news) => {
      if (news.about === 'days') void this.load().catch(() => undefined);
    });
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

  async load(): Promise<void> {
    const { phone } = session;
    this.#day = today();
    const sent = (await readItems<DayOut>(phone, 'days')).filter(({ row }) => !row);
    // An answer on its way may be from before mine arrived.
    await (sent.length ? this.#heard.reload() : this.#heard.load());
    if (!this.#heard.isStale) for (const item of sent) await letGoOfSent(phone, 'days', item);
    await this.#readChosen();
  }

  /** Another, my own, none, or the given one after all. Kept here at once. */
  async choose(choice: DayOut['choice'], prompt: PromptOut | null): Promise<void> {
    this.asked = null;
    const date = this.#day;
    await writeItem<DayOut>(session.phone, 'days', date, { date, choice, prompt });
    await this.#readChosen();
    connection.hasNew('days', [date]);
  }

  get #own(): DayOut | null {
    if (this.#chosen) return this.#chosen.value;
    return this.#heard.value?.date === this.#day ? this.#heard.value : null;
  }

  async #recall(): Promise<void> {
    const heard = this.#heard;
    await Promise.all([heard.recall(), this.#readChosen()]).catch(() => undefined);
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

  async #readChosen(): Promise<void> {
    const all = await readItems<DayOut>(session.phone, 'days');
    this.#chosen = all.find(({ id }) => id === this.#day) ?? null;
  }

  #forget(): void {
    this.#heard = new Resource('/api/prompts/today');
    this.#chosen = null;
    this.asked = null;
    this.isKnown = false;
  }
}

export const question = new TodaysQuestion();
