/** Word between the tabs and the worker of this phone: something in the store has changed. */
import type { Ref } from './copies';
import type { ItemKind } from './database';

export type News =
  | { about: ItemKind; ids?: string[] }
  /** Something new is to be sent. */
  | { about: 'outbox' }
  /** Of these answers, by address, something was let go of; `gone`: what, wherever else it stands. */
  | { about: 'resources'; ids: string[]; gone?: Ref[] }
  /** A newer one was put away; `at`: when it was asked for, in ms. */
  | { about: 'answer'; path: string; at: number }
  /** How much of all that I wrote has come. */
  | { about: 'history' }
  /** Somebody signed in or out: every tab must start again from the phone's own record. */
  | { about: 'who' };

const here = new Set<(news: News) => void>();
let channel: BroadcastChannel | null = null;

function open(): BroadcastChannel | null {
  if (!channel && 'BroadcastChannel' in globalThis) {
    channel = new BroadcastChannel('alongside');
    channel.addEventListener('message', (event: MessageEvent<News>) =>
      here.forEach((hear) => hear(event.data)),
    );
  }
  return channel;
}

/** Tell everybody, this tab included. */
export function tell(news: News): void {
  here.forEach((hear) => hear(news));
  open()?.postMessage(news);
}

/** Tell the other tabs and the worker, not this one. */
export function tellOthers(news: News): void {
  open()?.postMessage(news);
}

/** Listen; call the answer to stop. */
export function listen(hear: (news: News) => void): () => void {
  open();
  here.add(hear);
  return () => here.delete(hear);
}
