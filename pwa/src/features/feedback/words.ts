import { called } from '../../core/called.svelte';
import { listOf, t } from '../../i18n';
import { kindDay } from '../../i18n/times';
import type { Standing } from '../../store/items';
import { waits } from '../unsent/waits';
import type { AnswerWords } from './kinds';
import { otherPerson, type Piece, type Thread } from './threads';

/** All that a giver wrote, as one text. */
export const textOf = ({ noticed, landed, wonder }: AnswerWords): string =>
  [noticed, landed, wonder].filter((part) => part.trim()).join('\n\n');

/** Over a thread that is not on this phone. `isCertain`: the server has just said that it is gone. */
export const absentTitle = (isCertain: boolean): string =>
  t(isCertain ? 'feedback.one.gone-title' : 'feedback.one.unheard-title');

/** What the other one is called. */
export const otherOf = (piece: Piece): string => called(otherPerson(piece));

export const giversOf = (thread: Thread): string =>
  listOf(thread.pieces.map(({ giver }) => called(giver)));

/** Who it is from or for, above the words. */
export function leadOf(thread: Thread, piece: Piece): string {
  const name = otherOf(piece);
  if (piece.state === 'withdrawn') return t('feedback.one.words-for', { name });
  if (thread.isOffer) {
    if (piece.state === 'welcomed' && thread.isMine) return t('feedback.line.you-write', { name });
    return t(thread.isMine ? 'feedback.line.you-offered' : 'feedback.line.offers', { name });
  }
  return thread.isMine
    ? t('feedback.line.you-asked', { names: name })
    : t('feedback.line.asks', { name });
}

/** When that happened; nobody has noted when an offer was welcomed. */
export function leadAt(thread: Thread, piece: Piece): string | null {
  if (piece.state === 'withdrawn') return piece.answered_at;
  return piece.state === 'welcomed' && thread.isMine ? null : thread.at;
}

/** When what `stateOf` says happened, where it is of one moment that is known. */
export const stateAt = ({ state, answered_at }: Piece): string | null =>
  state === 'answered' ? answered_at : null;

/** Where it stands, in a sentence. Of what is mine and has not been sent, nobody else has anything yet. */
export function stateOf(piece: Piece, sending: Standing['sending'] = 'safe'): string {
  const name = otherOf(piece);
  const isGiver = piece.i_am === 'giver';
  const isBegunByMe = piece.state === (isGiver ? 'offered' : 'asked');
  if (isBegunByMe && sending !== 'safe')
    return sending === 'waiting'
      ? waits('feedback.state.on-its-way', { name })
      : t('feedback.state.not-sent', { name });
  if (piece.state === 'answered' && piece.answer?.sending === 'waiting')
    return waits('feedback.state.answer-on-its-way', { name });
  if (piece.has_faded) return t('feedback.state.asked-faded');
  switch (piece.state) {
    case 'asked':
      return t(`feedback.state.asked-${isGiver ? 'theirs' : 'mine'}`, { name });
    case 'opened':
      return t('feedback.state.opened', { name });
    case 'withdrawn':
      return t('feedback.state.withdrawn', { name });
    case 'offered':
    case 'welcomed':
    case 'answered':
    case 'thanked':
      return t(`feedback.state.${piece.state}-${isGiver ? 'mine' : 'theirs'}`, { name });
    case 'declined':
      // Of an ask its giver declines, of an offer its receiver.
      return t(
        `feedback.state.declined-${isGiver === (piece.request_id !== null) ? 'mine' : 'theirs'}`,
        {
          name,
        },
      );
  }
}

/** When an answer would help. */
export function whenWords(byWhen: string): string {
  if (byWhen === 'no_rush' || byWhen === 'this_week' || byWhen === 'after_gathering')
    return t(`feedback.when.said.${byWhen}`);
  return t('feedback.when.said.by_date', { day: kindDay(byWhen) });
}

/** Whether it was I who declined. */
export const iDeclined = (piece: Piece): boolean =>
  (piece.i_am === 'giver') === (piece.request_id !== null);
