/** What went wrong with a sign-in, in words that say what to do next. */
import type { Answer } from '../../api/client';
import { t } from '../../i18n';
import { refusalWords } from '../../i18n/refusals';
import './words';

export interface SignInProblem {
  /** Where it belongs: under a field, or on the whole. */
  about: 'email' | 'code' | 'name' | 'matters' | 'all';
  message: string;
}

/** Null when there is none. */
export function problemOf(answer: Answer<unknown>): SignInProblem | null {
  if (answer.kind === 'unreachable') return { about: 'all', message: t('signIn.problem.noSignal') };
  if (answer.kind !== 'refused') return null;
  const { refusal, retryAfter } = answer;
  for (const about of ['email', 'code', 'name', 'matters'] as const) {
    const [message] = refusal.errors?.json?.[about] ?? [];
    if (message) return { about, message };
  }
  switch (refusal.reason) {
    case 'wrong_code':
      return { about: 'code', message: t('signIn.problem.wrongCode') };
    case 'code_expired':
      return { about: 'code', message: t('signIn.problem.codeExpired') };
    case 'not_invited':
      return { about: 'all', message: t('signIn.problem.notInvited') };
  }
  if (answer.status === 429) return { about: 'all', message: waitFor(retryAfter) };
  return { about: 'all', message: refusalWords(refusal) || t('signIn.problem.other') };
}

function waitFor(ms: number | null): string {
  const minutes = Math.max(1, Math.ceil((ms ?? 60_000) / 60_000));
  return t('signIn.problem.tooMany', { count: minutes });
}
