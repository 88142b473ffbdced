/** Signing in: an address, the code that was mailed to it, and in. Half of it survives a trip to the mail app. */
import { ask, type Answer } from '../../api/client';
import type { ApiPath, DemoPerson, SessionOut } from '../../api/shapes';
import { router } from '../../core/router.svelte';
import { t } from '../../i18n';
import { readHalfSignIn, writeHalfSignIn, type HalfSignIn } from '../../store/device';
import { session } from '../../store/session.svelte';
import { problemOf, type SignInProblem } from './problems';

/** A code older than this is of no use any more; the address is still remembered. */
const CODE_LASTS = 10 * 60_000;

export class SignIn {
  /** 'starting' until the phone has said whether a sign-in was begun before. */
  step = $state<'starting' | 'email' | 'code'>('starting');
  email = $state('');
  isBusy = $state(false);
  problem = $state.raw<SignInProblem | null>(null);
  /** A new code was sent on request: say so. */
  wasSentAgain = $state(false);
  /** The sample cohort's people, where there is one. */
  demoPeople = $state.raw<DemoPerson[]>([]);
  /** The invitation that the half-finished sign-in was for. */
  invitation = $state<string | null>(null);

  /** Go on where the person left off, after a reload or a killed tab too. */
  async start(): Promise<void> {
    void this.#lookForDemo();
    const half = await readHalfSignIn().catch(() => null);
    this.email = half?.email ?? session.person?.email ?? '';
    this.invitation = half?.joining?.token ?? null;
    this.step = half && Date.now() - half.asked_at < CODE_LASTS ? 'code' : 'email';
  }

  /** Have a code mailed. The answer is the same whether the address is known or not. */
  async askForCode(joining?: HalfSignIn['joining']): Promise<void> {
    this.wasSentAgain = false;
    const email = (this.email = asTyped(this.email));
    const answer = await this.try(() => ask('POST', this.codes, { body: { email } }));
    if (answer?.kind !== 'ok') return;
    await writeHalfSignIn({ email, asked_at: Date.now(), ...(joining ? { joining } : {}) });
    this.step = 'code';
  }

  /** Where codes are asked for. */
  protected get codes(): ApiPath {
    return '/api/sign-in/codes';
  }

  async sendAgain(joining?: HalfSignIn['joining']): Promise<void> {
    await this.askForCode(joining);
    this.wasSentAgain = this.problem === null;
  }

  /** Another address after all. */
  async startOver(): Promise<void> {
    this.problem = null;
    this.invitation = null;
    this.step = 'email';
    // What drops its key may not be here yet: then it is of no use in ten minutes anyhow.
    await writeHalfSignIn(null).catch(() => undefined);
  }

  async signIn(code: string): Promise<void> {
    const body = { email: this.email.trim(), code: digitsOf(code) };
    const answer = await this.try(() =>
      this.arrive(() => ask<SessionOut>('POST', '/api/sign-in/sessions', { body })),
    );
    if (answer?.kind === 'ok' && answer.data.erasure_undone) router.replace('/me/erase#stayed');
  }

  /** The demo's way in: no address, no code. */
  async enterAs(person: DemoPerson): Promise<void> {
    const body = { key: person.key };
    await this.try(() => this.arrive(() => ask<SessionOut>('POST', '/api/sign-in/demo', { body })));
  }

  /** Send, under the rule that nothing else is sent in anybody's name meanwhile. */
  arrive(send: () => Promise<Answer<SessionOut>>): Promise<Answer<SessionOut>> {
    return session.signIn(send, (data) => data);
  }

  protected async try<T>(send: () => Promise<Answer<T>>): Promise<Answer<T> | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.problem = null;
    try {
      const answer = await send();
      this.problem = problemOf(answer);
      return answer;
    } catch {
      this.problem = { about: 'all', message: t('signIn.problem.phone') };
      return null;
    } finally {
      this.isBusy = false;
    }
  }

  async #lookForDemo(): Promise<void> {
    const answer = await ask<{ people: DemoPerson[] }>('GET', '/api/sign-in/demo');
    if (answer.kind === 'ok') this.demoPeople = answer.data.people;
  }
}

/** An address without the signs that nobody sees, which copying takes along. */
export const asTyped = (email: string): string => email.replace(/\p{DI}/gu, '').trim();

/** The digits, however they were typed or pasted. */
export const digitsOf = (code: string): string => code.replace(/\D/g, '');

/** Whether that is a whole code: eight digits, or twelve where many codes were asked for. */
export const isWhole = (code: string): boolean => /^\d{8}(\d{4})?$/.test(digitsOf(code));
