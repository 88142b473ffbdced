import type { Answer } from '../../api/client';
import { t } from '../../i18n';
import { fieldWords, refusalWords } from '../../i18n/refusals';

type NotOk = Exclude<Answer<unknown>, { kind: 'ok' }>;

/** One sentence for what cannot wait on the phone and did not work: the server's own, if it spoke. */
export function whatWentWrong(answer: NotOk): string {
  const said = answer.kind === 'refused' ? refusalWords(answer.refusal) : '';
  return said || t('cohorts.unreachable');
}

/** For each field that the server did not accept, why. */
function fieldProblems(answer: NotOk): Record<string, string> {
  if (answer.kind !== 'refused') return {};
  return fieldWords({ ...answer.refusal.errors?.json, ...answer.refusal.fields });
}

/** What is left to be said of a form's fields once somebody changes one: its sentence goes with its cause. */
export function withoutChanged(
  errors: Record<string, string>,
  { target }: Event,
): Record<string, string> {
  const { name } = target as HTMLInputElement;
  return Object.fromEntries(Object.entries(errors).filter(([field]) => field !== name));
}

/**
 * What a form shows of an answer: beside its fields, or, where none of them is at fault, in one sentence.
 * @param shown the fields beside which the form says it; what is wrong with any other stands in the sentence
 */
export function problemsIn(
  answer: Answer<unknown>,
  shown: readonly string[],
): { errors: Record<string, string>; problem: string } {
  if (answer.kind === 'ok') return { errors: {}, problem: '' };
  const errors = fieldProblems(answer);
  const others = Object.keys(errors).filter((field) => !shown.includes(field));
  const isSaid = Object.keys(errors).length > 0;
  const problem = isSaid ? others.map((field) => errors[field]).join(' ') : whatWentWrong(answer);
  return { errors, problem };
}
