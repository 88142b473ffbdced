/** How much of my timeline has come to this phone: on a new one it takes a while, and an empty one may not be mine. */
import { howMuchCame, type Come } from '../../store/history';
import { listen } from '../../store/news';
import { session } from '../../store/session.svelte';
import { own } from './keeping';

class History {
  #come = $state<Come | null>(null);

  constructor() {
    session.onArrive(() => void this.#read());
    session.onLeave(() => (this.#come = null));
    listen((news) => news.about === 'history' && void this.#read());
  }

  /** The phone was asked. */
  get isRead(): boolean {
    return this.#come !== null;
  }

  /** Nothing is still to come that I wrote before. */
  get isWhole(): boolean {
    return this.#come === 'all';
  }

  /** After what came before it is shown: nobody who has written is told that they have not. */
  #read(): Promise<void> {
    const read = async () => {
      const { phone } = session;
      const come = await howMuchCame(phone);
      if (session.isStill(phone)) this.#come = come;
    };
    return own.inTurn(read).catch(() => undefined);
  }
}

export const history = new History();
