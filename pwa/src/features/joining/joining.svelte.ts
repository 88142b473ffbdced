/** Joining a cohort with an invitation: who invites and to what, then (without an account) name, address, code, in. */
import { ask, type Answer } from '../../api/client';
import type {
  AcceptanceIn,
  AcceptanceOut,
  InvitationWelcome,
  InvitedContract,
} from '../../api/shapes';
import { t } from '../../i18n';
import { refusalWords } from '../../i18n/refusals';
import { askFor } from '../../store/asking';
import { readHalfSignIn, writeHalfSignIn, type HalfSignIn } from '../../store/device';
import { askForReview } from '../../store/new-review';
import { session } from '../../store/session.svelte';
import { cohorts } from '../cohorts/cohorts.svelte';
import { isNewcomer } from '../cohorts/is-new';
import { digitsOf, SignIn } from '../sign_in/sign_in.svelte';

export type { InvitationWelcome };

/** Why there is nothing to join: the link is unknown, is over (in the server's own words), or could not be looked up. */
export type NoWelcome =
  { kind: 'unknown' } | { kind: 'over'; message: string } | { kind: 'no_signal' };

export class Joining extends SignIn {
  welcome = $state.raw<InvitationWelcome | null>(null);
  noWelcome = $state.raw<NoWelcome | null>(null);
  /** What the group lives by, to be read before joining; null where it is not known, or there is none yet. */
  contract = $state.raw<InvitedContract | null>(null);
  /** From 'welcome' the person goes on to say who they are; `step` (email, code) counts only after that. */
  isOnItsWay = $state(false);
  hasJoined = $state(false);
  /** A newcomer begins on Today; who knows their way about sees the cohort. */
  landsOn: '/' | '/cohort' = '/cohort';
  /** Whoever is in is asked once what they need added to the contract; the cohort that asks. */
  askedBy = $state<string | null>(null);
  name = $state('');
  matters = $state('');

  readonly token: string;

  /** @param token what follows the # in the invitation's link */
  constructor(token: string) {
    super();
    this.token = token;
  }

  /** Who invites, and where the person left off if they were away for the code. Looking spends nothing. */
  override async start(): Promise<void> {
    // The link without its end, or left behind: no server needs to be asked about nothing.
    if (!this.token) {
      this.noWelcome = { kind: 'unknown' };
      return;
    }
    await Promise.all([this.#look(), this.#read(), this.#goOn()]);
  }

  /** Join as whoever is signed in on this phone. */
  async joinSignedIn(): Promise<void> {
    const heard = await this.try(async () => {
      const path = `${this.#path}/acceptance` as const;
      const answer = await askFor<AcceptanceOut>(session.phone, 'POST', path, { body: {} });
      if (answer.kind === 'ok') await this.#arrived(answer.data, answer.status === 201);
      return answer;
    });
    // Nothing was typed on this screen; and what was not heard may have been done.
    if (heard?.kind === 'unreachable')
      this.problem = { about: 'all', message: t('joining.welcome.unheard') };
  }

  /** Have a code mailed, and remember everything typed so far. */
  askToJoin(): Promise<void> {
    return this.askForCode(this.#typed());
  }

  askToJoinAgain(): Promise<void> {
    return this.sendAgain(this.#typed());
  }

  /** Prove the address with the code; this makes the person, signs in and joins in one. */
  async joinWith(code: string): Promise<void> {
    const body: AcceptanceIn = {
      email: this.email.trim(),
      code: digitsOf(code),
      name: this.name.trim(),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      matters: this.matters.trim(),
    };
    await this.try(async () => {
      const send = (): Promise<Answer<AcceptanceOut>> =>
        ask('POST', `${this.#path}/acceptance`, { body });
      const answer = await session.signIn(send, (data) => data.session);
      if (answer.kind === 'ok') await this.#arrived(answer.data, answer.status === 201);
      return answer;
    });
  }

  /** Say what I need added. It is sent when there is signal. @throws PhoneIsFull */
  async need(text: string): Promise<void> {
    if (this.askedBy) await askForReview(this.askedBy, text);
  }

  /** With a word of mine or without one: nobody is kept out for it. */
  goIn(): void {
    this.askedBy = null;
  }

  /** Not now: nothing is kept of the person on this phone. */
  async leave(): Promise<void> {
    await writeHalfSignIn(null);
  }

  /** An open invitation has letters of its own, however many codes somebody else asks for. */
  protected override get codes() {
    return `${this.#path}/codes` as const;
  }

  #typed(): HalfSignIn['joining'] {
    return { token: this.token, name: this.name.trim(), matters: this.matters.trim() };
  }

  async #goOn(): Promise<void> {
    const half = await readHalfSignIn().catch(() => null);
    if (half?.joining?.token === this.token) {
      ({ name: this.name, matters: this.matters } = half.joining);
      this.isOnItsWay = true;
    }
    await super.start();
    if (!this.isOnItsWay && this.step === 'code') this.step = 'email';
  }

  async #look(): Promise<void> {
    this.noWelcome = null;
    const answer = await ask<InvitationWelcome>('GET', this.#path);
    if (answer.kind === 'ok') this.welcome = answer.data;
    else if (answer.kind !== 'refused' || answer.status >= 429)
      this.noWelcome = { kind: 'no_signal' };
    else if (answer.status === 410)
      this.noWelcome = { kind: 'over', message: refusalWords(answer.refusal) };
    else this.noWelcome = { kind: 'unknown' };
  }

  /** The contract is a comfort: without it the invitation is as good. */
  async #read(): Promise<void> {
    const answer = await ask<InvitedContract>('GET', `${this.#path}/contract`);
    const hasWords = answer.kind === 'ok' && answer.data.commitments.length > 0;
    this.contract = hasWords ? answer.data : null;
  }

  /** @param isNew whoever was in it already is not told that they are, nor asked what they need */
  async #arrived({ cohort }: AcceptanceOut, isNew: boolean): Promise<void> {
    await cohorts.reload();
    await cohorts.choose(cohort.id);
    this.askedBy = this.contract && isNew ? cohort.id : null;
    const isTheirFirst = isNew && cohorts.items.length === 1 && isNewcomer(cohorts.items);
    this.landsOn = isTheirFirst ? '/' : '/cohort';
    this.hasJoined = true;
  }

  get #path() {
    return `/api/invitations/${encodeURIComponent(this.token)}` as const;
  }
}
