/** Being erased: what it would do, and asking for it. Only with signal: nothing of it waits on the phone. */
import { ask } from '../../api/client';
import type { ErasureOut } from '../../api/shapes';
import { session } from '../../store/session.svelte';
import { leaveThisPhone, whatIsUnsent } from '../../store/sign_out';
import { problemOf, type SignInProblem } from '../sign_in/problems';
import { digitsOf } from '../sign_in/sign_in.svelte';

export class Erasing {
  /** What becomes of what is mine; null until the server has said it. */
  what = $state.raw<ErasureOut | null>(null);
  /** The last question did not reach the server. */
  isCutOff = $state(false);
  /** Whether a code is on its way, to prove that it is me. */
  wasSent = $state(false);
  wasSentAgain = $state(false);
  isBusy = $state(false);
  problem = $state.raw<SignInProblem | null>(null);
  /** Words that never reached the server: who changes their mind would not get them back. */
  hasUnsent = $state(false);

  async load(): Promise<void> {
    const answer = await ask<ErasureOut>('GET', '/api/me/erasure');
    this.isCutOff = answer.kind === 'unreachable';
    if (answer.kind === 'ok') this.what = answer.data;
  }

  get email(): string {
    return session.person?.email ?? '';
  }

  async sendCode(): Promise<void> {
    await this.#try(async () => {
      const { things, drafts } = await whatIsUnsent();
      this.hasUnsent = things.length > 0 || drafts > 0;
      const answer = await ask('POST', '/api/sign-in/codes', { body: { email: this.email } });
      this.problem = problemOf(answer);
      this.wasSentAgain = this.wasSent && answer.kind === 'ok';
      this.wasSent ||= answer.kind === 'ok';
    });
  }

  /** Ask to be erased. Once the server has it, nothing of mine is left on this phone. Answers whether it has. */
  async ask(code: string, keepsName: boolean): Promise<boolean> {
    let isAsked = false;
    await this.#try(async () => {
      const body = { code: digitsOf(code), keep_name: keepsName };
      const answer = await ask<ErasureOut>('POST', '/api/me/erasure', { body });
      this.problem = problemOf(answer);
      isAsked = answer.kind === 'ok';
      if (isAsked) await leaveThisPhone();
    });
    return isAsked;
  }

  async #try(send: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    await send().finally(() => (this.isBusy = false));
  }
}
