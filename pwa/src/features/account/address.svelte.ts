/** Changing my address: a code to the new one. The server remembers which was asked for, so that only the code has to survive a trip to the mail app. */
import { ask, type Answer } from '../../api/client';
import type { AddressOut } from '../../api/shapes';
import { session } from '../../store/session.svelte';
import { problemOf, type SignInProblem } from '../sign_in/problems';
import { asTyped, digitsOf } from '../sign_in/sign_in.svelte';

export class AddressChange {
  step = $state<'email' | 'code' | 'done'>('email');
  /** Empty where the code was asked for before this screen was opened. */
  email = $state('');
  signsOutElsewhere = $state(false);
  isBusy = $state(false);
  problem = $state.raw<SignInProblem | null>(null);
  wasSentAgain = $state(false);
  /** On how many other devices I was signed out with it. */
  ended = $state(0);

  /** Have a code mailed to the new address: the answer is the same, whoever has it. */
  async askForCode(): Promise<void> {
    this.wasSentAgain = false;
    const email = (this.email = asTyped(this.email));
    const answer = await this.#try(() => ask('POST', '/api/me/address', { body: { email } }));
    if (answer.kind === 'ok') this.step = 'code';
  }

  async sendAgain(): Promise<void> {
    if (!this.email) return this.startOver();
    await this.askForCode();
    this.wasSentAgain = this.problem === null;
  }

  /** Somebody comes back with a code from their mail. */
  hasCode(): void {
    this.email = '';
    this.problem = null;
    this.step = 'code';
  }

  startOver(): void {
    this.problem = null;
    this.step = 'email';
  }

  async confirm(code: string): Promise<void> {
    const body = { code: digitsOf(code), sign_out_elsewhere: this.signsOutElsewhere };
    const answer = await this.#try(() =>
      ask<AddressOut>('POST', '/api/me/address/confirmation', { body }),
    );
    if (answer.kind !== 'ok') return;
    this.email = answer.data.person.email;
    this.ended = answer.data.ended;
    this.step = 'done';
    await session.confirm();
  }

  async #try<T>(send: () => Promise<Answer<T>>): Promise<Answer<T>> {
    this.isBusy = true;
    const answer = await send();
    this.problem = problemOf(answer);
    this.isBusy = false;
    return answer;
  }
}
