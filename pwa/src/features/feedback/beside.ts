/** The three lists of feedback, and which of them stands beside what was opened from it. */
import type { Entry, Place, Thread } from './threads';

export const LISTS = { now: '/feedback', received: '/feedback/received', given: '/feedback/given' };
export type ListName = keyof typeof LISTS;

let last: ListName = 'now';

/** Somebody looks at this list. */
export function lookAt(list: ListName): void {
  last = list;
}

/** The one that they came from, if what they opened stands in it; else one that it does stand in. */
export function listWith(
  threadId: string,
  places: Readonly<Record<Place, Entry[]>>,
  troubled: readonly Pick<Thread, 'id'>[],
): ListName {
  const has = (list: ListName) =>
    entriesOf(list, places).some(({ thread }) => thread.id === threadId) ||
    // What could not be sent stands first there.
    (list === 'now' && troubled.some(({ id }) => id === threadId));
  return [last, ...(Object.keys(LISTS) as ListName[])].find(has) ?? 'now';
}

function entriesOf(list: ListName, places: Readonly<Record<Place, Entry[]>>): Entry[] {
  const { answer, open, received, with_others, given, faded } = places;
  if (list === 'now') return [...answer, ...open];
  const isMine = ({ piece }: Entry) => piece.i_am === (list === 'given' ? 'giver' : 'receiver');
  return [...received, ...open, ...with_others, ...given, ...faded].filter(isMine);
}
