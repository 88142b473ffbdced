/**
 * What arrives by push, and what a tap on it does. Whatever the bytes are, exactly one notification
 * is shown, at once and without the network: a browser takes the permission away from an app that
 * stays silent, also when it is in view.
 */
import { writeFact } from '../store/facts';
import { GO_TO } from '../core/worker-messages';

export interface Shown {
  title: string;
  options: NotificationOptions & { data: { path: string } };
  /** What the app's sign should count; null leaves it as it is. */
  badge: number | null;
}

const TITLE = 'Alongside';
const SOMETHING = 'Something is here for you.';
const ICON = '/icons/icon-192.png';
const SIGN = '/icons/shortcut-96.png';
/** Longer words are cut: a lock screen is no page. */
const LONGEST = 200;

/** The bytes of a message as a notification. They are JSON in the form of Declarative Web Push, if all is well. */
export function notificationFrom(text: string | null, origin: string): Shown {
  const message = parsed(text);
  const said = record(message.notification);
  const tag = line(said.tag) ?? 'alongside';
  return {
    title: line(said.title) ?? TITLE,
    options: {
      body: line(said.body) ?? SOMETHING,
      lang: line(said.lang) ?? 'en-GB',
      tag,
      icon: ICON,
      badge: SIGN,
      data: { path: pathIn(said.navigate, origin) },
    },
    badge: number(message.app_badge) ?? number(said.app_badge),
  };
}

/** Where a tap leads: inside this app, whatever was sent. */
export function pathIn(navigate: unknown, origin: string): string {
  if (typeof navigate !== 'string') return '/notices';
  try {
    const url = new URL(navigate, origin);
    return url.origin === origin ? url.pathname + url.search + url.hash : '/notices';
  } catch {
    return '/notices';
  }
}

type Registration = Pick<ServiceWorkerRegistration, 'showNotification'>;

export async function onPush(
  data: { text(): string } | null,
  registration: Registration,
  origin: string,
): Promise<void> {
  const { title, options, badge } = notificationFrom(textOf(data), origin);
  try {
    await registration.showNotification(title, options);
  } catch {
    await registration.showNotification(TITLE, { body: SOMETHING, data: { path: '/notices' } });
  }
  await setBadge(badge).catch(() => undefined);
}

interface Window_ {
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

/** What of `self.clients` is needed. */
export interface Windows {
  matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly Window_[]>;
  openWindow(url: string): Promise<unknown>;
}

/** One window, at the right place: the one that is open, else a new one. */
export async function onTap(path: string, clients: Windows): Promise<void> {
  // Some systems start a closed app at its first screen whatever is asked: it finds its way from here.
  await writeFact('way', { path, at: Date.now() }).catch(() => undefined);
  const open = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const best = open.find((one) => one.focused) ?? open[0];
  if (!best) {
    await clients.openWindow(path);
    return;
  }
  // To a window of our own, not to a frame: there is no origin to name.
  // eslint-disable-next-line unicorn/require-post-message-target-origin
  best.postMessage({ [GO_TO]: path });
  await best.focus().catch(() => undefined);
}

async function setBadge(count: number | null): Promise<void> {
  if (count === null || !('setAppBadge' in navigator)) return;
  await (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge());
}

function textOf(data: { text(): string } | null): string | null {
  try {
    return data?.text() ?? null;
  } catch {
    return null;
  }
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    return record(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const line = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() ? value.slice(0, LONGEST) : null;

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
