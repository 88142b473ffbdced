/** What is said of something of mine that the server does not have yet: the one place that knows which of two sentences is so. */
import { t, type Key, type Values } from '../../i18n';
import { connection } from '../../store/connection.svelte';
import { session } from '../../store/session.svelte';

/** Those that have a second sentence, `….now`, for while it is on its way. */
type Waits<All = Key> = All extends `${infer Of}.now` ? Of & Key : never;

/** There seems to be signal, and nothing else holds it up: a session that ended, or the hour of others' rest. */
const isOnItsWay = (): boolean =>
  connection.isOnline &&
  connection.isReached !== false &&
  !connection.restsUntil &&
  !session.isEnded;

/** "… when there is signal", or that it is on its way while there is. */
export const waits = (key: Waits, values: Values = {}): string =>
  t(isOnItsWay() ? `${key}.now` : key, values);

type Of<All = Waits> = All extends `${infer Begun}.waiting` ? Begun : never;
type States<B extends Of> = Key extends infer All
  ? All extends `${B}.${infer State}`
    ? State
    : never
  : never;

/** How it stands, in the words that begin with `of`: where it waits, which of the two sentences is so. */
export const stands = <B extends Of>(of: B, state: States<B>, values: Values = {}): string =>
  state === 'waiting'
    ? waits(`${of}.waiting` as Waits, values)
    : t(`${of}.${state}` as Key, values);
