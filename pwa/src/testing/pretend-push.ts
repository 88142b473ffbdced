/** For tests: a browser that takes pushes, and the server's list of devices. It sits at the boundary: what is ours is real. */
import { json, refusal, type Seen } from './pretend-server';

const KEY =
  'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM';
export const NEWER_KEY = KEY.replace('BNcR', 'BNcS');

class Subscription {
  readonly options = { userVisibleOnly: true, applicationServerKey: null };
  readonly endpoint: string;
  #browser: PretendBrowser;

  constructor(browser: PretendBrowser, number: number) {
    this.#browser = browser;
    this.endpoint = `https://push.example/${number}`;
  }

  toJSON() {
    return { endpoint: this.endpoint, keys: { p256dh: 'p', auth: 'a' } };
  }

  async unsubscribe() {
    if (this.#browser.subscription === this) this.#browser.subscription = null;
    return true;
  }
}

export class PretendBrowser {
  subscription: Subscription | null = null;
  subscribed = 0;
  permission: NotificationPermission = 'default';
  /** How each further question to the person goes; a question that is waved away is never answered. */
  answers: (NotificationPermission | 'waved away')[] = [];
  asked = 0;
  /** What is still to be answered, for a person who comes back to it. */
  pending: ((said: NotificationPermission) => void)[] = [];

  plugIn(): void {
    const pushManager = {
      getSubscription: async () => this.subscription,
      subscribe: async () => {
        this.subscribed += 1;
        return (this.subscription ??= new Subscription(this, this.subscribed));
      },
    };
    Object.defineProperty(navigator, 'serviceWorker', {
      value: { getRegistration: async () => ({ pushManager }), getRegistrations: async () => [] },
      configurable: true,
    });
    const notification = { requestPermission: () => this.#ask() };
    Object.defineProperty(notification, 'permission', { get: () => this.permission });
    globalThis.Notification = notification as unknown as typeof Notification;
  }

  #ask(): Promise<NotificationPermission> {
    const answer = this.answers[this.asked] ?? 'waved away';
    this.asked += 1;
    if (answer === 'waved away')
      return new Promise((resolve) =>
        this.pending.push((said) => resolve((this.permission = said))),
      );
    this.permission = answer;
    return Promise.resolve(answer);
  }
}

/** The server's share: a list, removals by their owner, a key. Use as one of a pretend server's faults. */
export class PretendDevices {
  key = KEY;
  known = new Map<string, { label: string; endpoint: string }>();
  removed = new Set<string>();
  /** What the push service says to tests. */
  says = 201;
  /** Nothing can be written just now. */
  isDown = false;

  answer = ({ method, path, body }: Seen): Response | 'lost request' | null => {
    if (path === '/api/push/key') return json(200, { key: this.key });
    if (path === '/api/devices') return json(200, { items: this.#items(), next: null });
    const [, id, test] = /^\/api\/devices\/([^/]+)(\/test)?$/.exec(path) ?? [];
    if (!id) return null;
    if (this.isDown && method !== 'GET') return 'lost request';
    if (test) return this.#trial(id, method);
    if (method === 'DELETE')
      return this.known.delete(id)
        ? new Response(null, { status: 204 })
        : refusal(404, 'not_found');
    return this.#put(id, body!);
  };

  #put(id: string, body: Record<string, any>): Response {
    if (body.key !== this.key) return refusal(409, 'other_key');
    if (this.removed.has(id) && body.still_here) return refusal(410, 'removed');
    const isNew = !this.known.has(id);
    this.removed.delete(id);
    this.known.set(id, { label: body.label, endpoint: body.subscription.endpoint });
    return json(isNew ? 201 : 200, { id });
  }

  #trial(id: string, method: string): Response {
    if (method === 'POST')
      return json(202, { state: 'waiting', ok: null, said: null, status: null });
    if (this.says === 410) this.known.delete(id);
    const ok = this.says === 201;
    return json(200, { state: 'answered', ok, said: ok ? 'Taken.' : 'Gone.', status: this.says });
  }

  #items() {
    const at = '2026-11-22T09:00:00Z';
    return [...this.known].map(([id, { label }]) => ({
      id,
      label,
      added_at: at,
      last_seen_at: at,
      leaves_on: null,
    }));
  }
}
