/** A suggestion while it is being written: its draft, what is still missing, and sending it. */
import { Lack } from '../../core/lack.svelte';
import type { CohortOut, Commitment, ProposalKind, ProposalOut } from '../../api/shapes';
import { Begun } from '../../store/begun.svelte';
import { PhoneIsFull } from '../../store/problems';
import { changeKey } from './begun';
import type { Proposal } from './laid-over';
import { proposals } from './proposals.svelte';

/** Nothing closes sooner than in a week: in that everyone's rhythm has been open once. */
export type Closes = 'keep' | 'week' | 'two-weeks' | 'month';
export type SuggestProblem =
  'nothing' | 'no-purpose' | 'no-commitment' | 'same' | 'same-dates' | 'order' | 'full';

/** What a cohort says of itself, as far as it is decided together. */
export type Ours = Pick<CohortOut, 'purpose' | 'starts_on' | 'ends_on'>;

const A_DAY = 86_400_000;
const DAYS = { week: 7, 'two-weeks': 14, month: 28 };

export interface SuggestState {
  kind: ProposalKind;
  commitmentId: string | null;
  text: string;
  /** Empty for no day. */
  startsOn: string;
  endsOn: string;
  why: string;
  closes: Closes;
  /** Words of one's own that others' words took the place of. */
  setAside: string;
}

/** What one comes to suggest. */
export interface Beginning {
  /** A commitment to reword. */
  commitmentId?: string | null;
  /** What the cohort says of itself, to suggest otherwise. */
  about?: 'purpose' | 'dates' | null;
  /** A suggestion of mine whose words change. */
  changing?: Proposal | null;
  /** One that was decided, to suggest again. */
  again?: Proposal | null;
  /** Somebody's other wording for what is changed. */
  words?: string | null;
}

export class Suggesting {
  #isFull = $state(false);
  #lack = new Lack(() => this.#missing());

  readonly changing: Proposal | null;
  readonly commitments: readonly Commitment[];
  #cohortId: string;
  #beginning: Beginning;
  #ours: Ours;
  readonly begun: Begun<SuggestState>;
  /** As it stands before anybody writes. */
  #start: SuggestState;

  constructor(
    cohortId: string,
    commitments: readonly Commitment[],
    beginning: Beginning,
    ours: Ours = { purpose: '', starts_on: null, ends_on: null },
  ) {
    this.#ours = ours;
    this.#cohortId = cohortId;
    this.commitments = commitments;
    this.#beginning = beginning;
    this.changing = beginning.changing ?? null;
    this.#start = this.#first();
    this.begun = new Begun(
      keyOf(beginning),
      () => this.#start,
      () => (this.#isFull = true),
    );
  }

  get state(): SuggestState {
    return this.begun.said;
  }

  get commitment(): Commitment | null {
    return this.commitments.find(({ id }) => id === this.state.commitmentId) ?? null;
  }

  /** As the commitment stands, to compare with. */
  get before(): string | null {
    if (this.state.kind === 'add') return null;
    if (this.state.kind === 'purpose') return this.#ours.purpose;
    return this.commitment?.text ?? this.changing?.before ?? null;
  }

  /** What was typed last time; a wording that one came to use takes its place, and can be taken out again. */
  async restore(): Promise<void> {
    let isBegun = false;
    await this.begun.restore((typed) => {
      isBegun = true;
      return this.#stillThere(typed);
    });
    const { words } = this.#beginning;
    if (words && words !== this.state.text) {
      if (isBegun) this.state.setAside = this.state.text;
      else this.#start = { ...this.#start, text: words };
      this.state.text = words;
    }
  }

  choose(kind: ProposalKind): void {
    const isUntouched = this.#isUntouched();
    this.state.kind = kind;
    if (isUntouched) this.#fill();
  }

  chooseCommitment(id: string | null): void {
    const isUntouched = this.#isUntouched();
    this.state.commitmentId = id;
    if (isUntouched) this.#fill();
  }

  putBack(): void {
    [this.state.text, this.state.setAside] = [this.state.setAside, ''];
  }

  /** Follows every change from inside an effect; what nobody has touched is no draft. */
  remember(): void {
    this.begun.remember();
  }

  leave(): void {
    void this.begun.flush();
  }

  /** What is in the way of sending it, once somebody has tried. */
  get problem(): SuggestProblem | null {
    return this.#isFull ? 'full' : this.#lack.said;
  }

  /** The id of what was suggested or changed; null when something is missing, which `problem` then says. */
  async send(): Promise<string | null> {
    this.#isFull = false;
    if (this.#lack.tried()) return null;
    const { kind, text, why, closes, startsOn, endsOn } = $state.snapshot(this.state);
    const closes_at = this.#closesAt(closes);
    const dates = kind === 'dates' ? { starts_on: startsOn || null, ends_on: endsOn || null } : {};
    try {
      let id = this.changing?.id;
      if (id) await proposals.reword(id, { text, why, closes_at, ...dates });
      else
        id = await proposals.suggest(
          {
            kind,
            commitment: this.commitment,
            text,
            why,
            closes_at,
            ...dates,
          },
          this.#cohortId,
          this.#asItIs(),
        );
      await this.begun.clear();
      return id;
    } catch (error) {
      if (!(error instanceof PhoneIsFull)) throw error;
      this.#isFull = true;
      return null;
    }
  }

  #first(): SuggestState {
    const { commitmentId, changing, again, about } = this.#beginning;
    const from = changing ?? again;
    if (from) {
      const { text, why } = from.wish ?? from;
      const dates = { startsOn: from.starts_on ?? '', endsOn: from.ends_on ?? '' };
      const what = { kind: from.kind, commitmentId: from.commitment_id, text, why };
      const state = { ...blank(), ...what, ...dates };
      if (changing) return { ...state, closes: 'keep' };
      return this.#stillThere(from.kind === 'add' ? { ...state, commitmentId: null } : state);
    }
    if (about) {
      const { purpose, starts_on, ends_on } = this.#ours;
      const dates = { startsOn: starts_on ?? '', endsOn: ends_on ?? '' };
      return { ...blank(), kind: about, text: about === 'purpose' ? purpose : '', ...dates };
    }
    const commitment = this.commitments.find(({ id }) => id === commitmentId);
    if (!commitment) return blank();
    return { ...blank(), kind: 'reword', commitmentId: commitment.id, text: commitment.text };
  }

  /** A commitment that has gone meanwhile cannot be reworded; the words may still be wanted. */
  #stillThere(state: SuggestState): SuggestState {
    const isThere = this.commitments.some(({ id }) => id === state.commitmentId);
    if (this.changing || !isOfOne(state.kind) || state.commitmentId === null || isThere)
      return state;
    return { ...state, kind: 'add', commitmentId: null };
  }

  /** Nothing of one's own stands in the box. */
  #isUntouched(): boolean {
    const { text } = this.state;
    return !text.trim() || this.commitments.some((one) => one.text === text);
  }

  #fill(): void {
    this.state.text = this.state.kind === 'reword' ? (this.commitment?.text ?? '') : '';
  }

  #closesAt(closes: Closes): string {
    if (closes === 'keep') return this.changing?.closes_at ?? '';
    // A new one is open for a week from when the server hears of it, however long it waits here.
    // A draft may still hold a time that was to choose from once.
    if (!(closes in DAYS) || (closes === 'week' && !this.changing)) return '';
    return new Date(Date.now() + DAYS[closes] * A_DAY).toISOString();
  }

  #missing(): Exclude<SuggestProblem, 'full'> | null {
    const { kind, text } = this.state;
    if (kind === 'dates') return this.#missingOfDates();
    if (kind !== 'add' && this.before === null) return 'no-commitment';
    if (kind === 'retire') return null;
    if (!text.trim()) return kind === 'purpose' ? 'no-purpose' : 'nothing';
    return kind !== 'add' && text.trim() === this.before?.trim() ? 'same' : null;
  }

  #missingOfDates(): 'order' | 'same-dates' | null {
    const { startsOn, endsOn } = this.state;
    if (startsOn && endsOn && endsOn < startsOn) return 'order';
    const { starts_on, ends_on } = this.#ours;
    return startsOn === (starts_on ?? '') && endsOn === (ends_on ?? '') ? 'same-dates' : null;
  }

  /** What would change, as it stands on this phone until the server tells of it. */
  #asItIs(): Partial<ProposalOut> {
    const { purpose, starts_on, ends_on } = this.#ours;
    if (this.state.kind === 'purpose') return { before: purpose || null };
    return this.state.kind === 'dates' ? { started_on: starts_on, ended_on: ends_on } : {};
  }
}

/** About a commitment that there is. */
const isOfOne = (kind: ProposalKind): boolean => kind === 'reword' || kind === 'retire';

function keyOf({ commitmentId, changing, again, about }: Beginning): string {
  if (changing) return changeKey(changing.id);
  if (again) return `proposals/again/${again.id}`;
  if (about) return `proposals/${about}`;
  return commitmentId ? `proposals/suggest/${commitmentId}` : 'proposals/suggest';
}

const blank = (): SuggestState => ({
  kind: 'add',
  commitmentId: null,
  text: '',
  startsOn: '',
  endsOn: '',
  why: '',
  closes: 'week',
  setAside: '',
});
