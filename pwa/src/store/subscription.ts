/** This device as one that notifications go to: what the phone remembers, and telling the server. Shared with the worker. */
import { ask } from '../api/client';
import type { DeviceOut, Refusal } from '../api/shapes';
import type { Phone } from './database';
import { newId } from './ids';

export interface ThisDevice {
  id: string;
  /** What the person wants on this device. Only the person changes it. */
  wish: 'on' | 'off';
  /** The server's key that it subscribes with; null when another one has to be asked for. */
  key: string | null;
  /** Digest of the subscription that the server knows; null when it knows none. */
  mark: string | null;
  /** The day on which the server last heard that this device is still here. */
  said_on: string | null;
}

const RECORD = 'this_device';

export async function readThisDevice(phone: Phone): Promise<ThisDevice> {
  const kept = (await phone.db.get('meta', RECORD))?.value as ThisDevice | undefined;
  return kept ?? { id: newId(), wish: 'off', key: null, mark: null, said_on: null };
}

export async function writeThisDevice(phone: Phone, device: ThisDevice): Promise<void> {
  await phone.db.put('meta', { key: RECORD, value: device });
}

/** After a sign-in: the device belongs to the session in which it says that it is here. */
export async function sayAnew(phone: Phone): Promise<void> {
  const row = await phone.db.get('meta', RECORD);
  if (row) await writeThisDevice(phone, { ...(row.value as ThisDevice), said_on: null });
}

/** Two subscriptions with the same digest are one: same place, same keys. */
export async function markOf(subscription: PushSubscription): Promise<string> {
  const { endpoint, keys } = subscription.toJSON();
  const text = new TextEncoder().encode(JSON.stringify([endpoint, keys?.p256dh, keys?.auth]));
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type Said =
  /** `isNew`: the server did not know this device. */
  | { kind: 'said'; isNew: boolean }
  /** The key is not in use any more: ask for the newest, subscribe again. */
  | { kind: 'other_key' }
  /** Its owner took it off the list on another device. */
  | { kind: 'removed' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'unreachable' };

/**
 * Tell the server where this device can be reached, or that it still is; remembers that it was told.
 * @param wasTurnedOn by a tap just now: that undoes a removal elsewhere, and nothing else does
 */
export async function sayHere(
  phone: Phone,
  device: ThisDevice,
  subscription: PushSubscription,
  wasTurnedOn = false,
): Promise<Said> {
  const body = {
    subscription: subscription.toJSON(),
    label: labelOf(navigator.userAgent),
    key: device.key,
    still_here: !wasTurnedOn,
  };
  const answer = await ask<DeviceOut>('PUT', `/api/devices/${device.id}`, { body });
  if (answer.kind === 'ok' && answer.data?.id === device.id) {
    const said_on = new Date().toDateString();
    await writeThisDevice(phone, { ...device, mark: await markOf(subscription), said_on });
    return { kind: 'said', isNew: answer.status === 201 };
  }
  if (answer.kind !== 'refused' || answer.status >= 500) return { kind: 'unreachable' };
  const { refusal } = answer;
  const { reason } = refusal;
  if (reason === 'other_key' || reason === 'removed') return { kind: reason };
  return { kind: 'refused', refusal };
}

/**
 * Tell the server that this device is still here, and do what its answer asks for. Only what its owner
 * removed stays off; whatever else the server lost or the push service ended is subscribed anew.
 * @returns whether there is more to do at once: another key, or another subscription
 */
export async function sayStillHere(
  phone: Phone,
  device: ThisDevice,
  subscription: PushSubscription,
): Promise<boolean> {
  const wasKnown = device.mark !== null && device.mark === (await markOf(subscription));
  const said = await sayHere(phone, device, subscription);
  const drop = () => subscription.unsubscribe().catch(() => false);
  if (said.kind === 'other_key') {
    await drop();
    await writeThisDevice(phone, { ...device, key: null, mark: null });
    return true;
  }
  if (said.kind === 'removed') {
    await drop();
    await writeThisDevice(phone, { ...device, wish: 'off', mark: null, said_on: null });
    return false;
  }
  // The server knew this very subscription and let go of it: the push service may have ended it.
  if (said.kind !== 'said' || !said.isNew || !wasKnown) return false;
  await drop();
  return true;
}

/** Subscribe with the server's key. Some browsers never answer where their push service cannot be reached. */
export async function subscribe(
  manager: PushManager,
  key: string,
  patience = 15_000,
): Promise<PushSubscription> {
  const asked = manager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const enough = new Promise<never>((_, fail) =>
    setTimeout(() => fail(new Error('the push service did not answer')), patience),
  );
  return Promise.race([asked, enough]);
}

/** The key of a subscription, as the server writes it. */
export function keyOf(options: PushSubscriptionOptions | undefined): string | null {
  const bytes = options?.applicationServerKey;
  if (!bytes) return null;
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** How its owner would call it: "Chrome on Android". */
export function labelOf(userAgent: string): string {
  const has = (pattern: RegExp) => pattern.test(userAgent);
  const first = (names: [RegExp, string][], otherwise: string) =>
    names.find(([pattern]) => has(pattern))?.[1] ?? otherwise;
  const browser = first(
    [
      [/Edg(A|iOS)?\//, 'Edge'],
      [/SamsungBrowser\//, 'Samsung Internet'],
      [/Firefox\/|FxiOS\//, 'Firefox'],
      [/Chrome\/|CriOS\//, 'Chrome'],
      [/Safari\//, 'Safari'],
    ],
    'A browser',
  );
  const system = first(
    [
      [/iPhone/, 'iPhone'],
      [/iPad/, 'iPad'],
      [/Android/, 'Android'],
      [/Windows/, 'Windows'],
      [/Macintosh/, 'Mac'],
      [/CrOS/, 'ChromeOS'],
      [/Linux/, 'Linux'],
    ],
    'a device',
  );
  return `${browser} on ${system}`;
}
