/** What is being asked: survives leaving the screen, closing the app and a crash. */
import { Lack } from '../../core/lack.svelte';
import type { CohortPerson, PersonRef } from '../../api/shapes';
import { Begun } from '../../store/begun.svelte';
import { PhoneIsFull } from '../../store/problems';
import { session } from '../../store/session.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';
import { chosenOf } from '../cohorts/picking';
import { askKey } from './begun';
import { feedback } from './feedback.svelte';
import { begun, isOnlyBegun, starterWords, type StarterNumber } from './starters';
import type { Thread } from './threads';

export const MOST_ASKED = 3;
/** What somebody wrote or chose themselves: a beginning of ours that was not gone on with is none of it. */
const ownIn = (state: AskState): AskState => ({
  ...state,
  question: isOnlyBegun(state.question) ? '' : state.question,
});

/** How far ahead the day may be by which an answer would help. */
const MOST_DAYS = 60;

export interface AskState {
  question: string;
  /** Words of one's own that a beginning took the place of. */
  setAside: string;
  context: string;
  reflectionId: string | null;
  when: string;
  byDate: string;
  asked: string[];
  cohortId: string | null;
}

/** All that was written for an ask, as one text. */
export const askText = (state: AskState): string =>
  [ownIn(state).question, state.setAside, state.context]
    .filter((part) => part?.trim())
    .join('\n\n');

const blank = (): AskState => ({
  question: '',
  setAside: '',
  context: '',
  reflectionId: null,
  when: 'no_rush',
  byDate: '',
  asked: [],
  cohortId: null,
});

export type AskProblem = 'nothing' | 'unfinished' | 'nobody-yet' | 'no-date' | 'too-far' | 'full';

export class Asking {
  #isFull = $state(false);
  #lack = new Lack(() => this.#missing());
  wantsMore = $state(false);

  /** What is changed, or null for a new ask. */
  readonly changing: Thread | null;
  readonly begun: Begun<AskState>;
  /** Whom or how one came here to ask: that alone is nothing begun. */
  #came: Partial<AskState> = {};

  /** @param changing read anew, as it may be changed elsewhere while one writes */
  constructor(changing: () => Thread | null) {
    this.changing = changing();
    const now = () => {
      const thread = changing() ?? this.changing;
      return thread ? stateFrom(thread) : { ...blank(), ...this.#came };
    };
    this.begun = new Begun(askKey(this.changing?.id), now, () => (this.#isFull = true), ownIn);
  }

  get state(): AskState {
    return this.begun.said;
  }

  /** Whom it asks and what came with it stay, once it was sent. */
  get isFixed(): boolean {
    return this.changing !== null && !this.changing.isNew;
  }

  get cohortId(): string | null {
    return this.state.cohortId ?? cohorts.current?.id ?? null;
  }

  readonly members = $derived.by(() => (this.cohortId ? cohorts.people(this.cohortId) : null));

  /** Everybody in the cohort but me. */
  get others(): CohortPerson[] {
    return (this.members?.value?.items ?? []).filter(({ id }) => id !== session.person?.id);
  }

  get people(): PersonRef[] {
    if (this.isFixed) return this.changing!.pieces.map(({ giver }) => giver);
    return chosenOf(this.others, this.state.asked).map(({ id, name }) => ({ id, name }));
  }

  get isMore(): boolean {
    const { context, reflectionId, when } = this.state;
    return this.wantsMore || context !== '' || reflectionId !== null || when !== 'no_rush';
  }

  /** What was typed last time; then whom or how one came here to ask. */
  async restore(starter: StarterNumber | null, person: string | null): Promise<void> {
    if (person) this.#came.asked = [person];
    await this.begun.restore();
    if (person && !this.state.asked.includes(person))
      this.state.asked = [...this.state.asked, person].slice(-MOST_ASKED);
    if (starter) this.begin(starter);
  }

  /** A beginning takes the place of what stands there; words of one's own are set aside, not lost. */
  begin(starter: StarterNumber): void {
    const { question } = this.state;
    if (question.trim() && !isOnlyBegun(question)) this.state.setAside = question;
    this.state.question = begun(starterWords(starter));
  }

  putBack(): void {
    [this.state.question, this.state.setAside] = [this.state.setAside, ''];
  }

  /** Follows every change from inside an effect. */
  remember(): void {
    this.begun.remember();
  }

  leave(): void {
    void this.begun.flush();
  }

  /** What is in the way of sending it, once somebody has tried. */
  get problem(): AskProblem | null {
    return this.#isFull ? 'full' : this.#lack.said;
  }

  /** The id of what was asked; null when something is missing, which `problem` then says. */
  async send(): Promise<string | null> {
    const { question, context, reflectionId, when, byDate } = $state.snapshot(this.state);
    this.#isFull = false;
    if (this.#lack.tried()) return null;
    try {
      const id = await feedback.ask(
        {
          cohort_id: this.cohortId!,
          question,
          context,
          reflection_id: reflectionId,
          by_when: when === 'by_date' ? byDate : when,
          asked: this.people,
        },
        this.changing?.id,
      );
      await this.begun.clear();
      return id;
    } catch (error) {
      if (!(error instanceof PhoneIsFull)) throw error;
      this.#isFull = true;
      return null;
    }
  }

  #missing(): Exclude<AskProblem, 'full'> | null {
    const { question, when, byDate } = this.state;
    if (!question.trim()) return 'nothing';
    if (isOnlyBegun(question)) return 'unfinished';
    if (this.people.length === 0 || !this.cohortId) return 'nobody-yet';
    if (when !== 'by_date') return null;
    if (!byDate) return 'no-date';
    return byDate > daysToChoose().last ? 'too-far' : null;
  }
}

/** The first and the last day to choose from, as a date field takes them. */
export function daysToChoose(now = new Date()): { first: string; last: string } {
  const last = new Date(now);
  last.setDate(last.getDate() + MOST_DAYS);
  const day = (one: Date) => one.toLocaleDateString('sv-SE');
  return { first: day(now), last: day(last) };
}

function stateFrom({
  words,
  context,
  reflection_id,
  by_when,
  cohort_id,
  pieces,
}: Thread): AskState {
  const isDate = /^\d/.test(by_when ?? '');
  return {
    ...blank(),
    question: words,
    context,
    reflectionId: reflection_id,
    when: isDate ? 'by_date' : (by_when ?? 'no_rush'),
    byDate: isDate ? by_when! : '',
    cohortId: cohort_id,
    asked: pieces.map(({ giver }) => giver.id).toSorted(),
  };
}
