/** A pulse in sentences: exactly what the drawing shows, for those who read or listen. */
import type { CheckInWord, PulseOut } from '../../api/shapes';
import { listOf, locale, t } from '../../i18n';
import { anyOf } from '../../i18n/any-of';
import { kindDay } from '../../i18n/times';

/** How many chose a word, as it is told. */
export type Told = NonNullable<PulseOut['words']>[number];

/** Always in this order: where a word stands is a sign of its own. */
export const WORDS: readonly CheckInWord[] = ['living', 'patchy', 'drifted', 'not_sure'];

export const wordOf = (word: CheckInWord): string => t(`pulse.word.${word}`);

export function inOrder(told: readonly Told[]): Told[] {
  return WORDS.flatMap((word) => told.filter((one) => one.word === word));
}

/** "6 chose “patchy” and one or two chose “not sure”. Nobody chose “we’ve drifted”." */
export function toldWords(told: readonly Told[]): string {
  const chosen = inOrder(told).filter(({ amount }) => amount !== 'none');
  const most = chosen.find(({ amount }) => amount === 'most');
  if (most) return t('pulse.told.most', { word: wordOf(most.word) });
  const said = t('pulse.told.all', { amounts: capital(listOf(chosen.map(amountOf))) });
  const nobody = inOrder(told).filter(({ amount }) => amount === 'none');
  if (nobody.length === 0) return said;
  const words = anyOf(nobody.map(({ word }) => t('pulse.told.word', { word: wordOf(word) })));
  return `${said} ${t('pulse.told.nobody', { words })}`;
}

function amountOf({ word, amount, number }: Told): string {
  if (amount === 'number' && number !== null)
    return t('pulse.told.number', { count: number, word: wordOf(word) });
  const key = amount === 'several' || amount === 'some' ? amount : 'one_or_two';
  return t(`pulse.told.${key}`, { word: wordOf(word) });
}

function capital(words: string): string {
  return words.slice(0, 1).toLocaleUpperCase(locale()) + words.slice(1);
}

/** The day by which a pulse goes. */
export function dayOfPulse(pulse: PulseOut, now = new Date()): string {
  return kindDay(pulse.closed_at ?? pulse.opened_at, now);
}

/** All that one pulse says. `all`: the pulses of the same commitment, for the one that it is like. */
export function pulseWords(pulse: PulseOut, all: readonly PulseOut[], now = new Date()): string {
  if (!pulse.has_enough || !pulse.words) return t('pulse.not-enough');
  const said = toldWords(pulse.words);
  if (!pulse.like) return said;
  const other = all.find((one) => one.check_in_id === pulse.like);
  const like = other ? t('pulse.like', { day: dayOfPulse(other, now) }) : t('pulse.like-unknown');
  return `${like} ${said}`;
}

/** "What did I do towards “we listen to the end”?" */
export function questionAbout(text: string): string {
  return t('pulse.mine.question', { commitment: text.trim().replace(/\.$/, '') });
}
