/** At every start: what the person wants, what the browser has and what the server knows are brought together. */
import { ask } from '../../api/client';
import type { Phone } from '../../store/database';
import { session } from '../../store/session.svelte';
import {
  markOf,
  readThisDevice,
  sayHere,
  subscribe,
  writeThisDevice,
  type ThisDevice,
} from '../../store/subscription';
import { nextStep, type Step } from './decide';

/** One step, with at most one request to the server. Never throws; what failed is tried at the next start. */
export async function reconcile(): Promise<Step> {
  try {
    const manager = (await navigator.serviceWorker?.getRegistration())?.pushManager;
    if (!manager || !('Notification' in globalThis) || session.state !== 'signed_in')
      return 'nothing';
    return await step(session.phone, manager);
  } catch {
    return 'nothing';
  }
}

async function step(phone: Phone, manager: PushManager): Promise<Step> {
  const device = await readThisDevice(phone);
  const subscription = await manager.getSubscription();
  const next = nextStep({
    permission: Notification.permission,
    wish: device.wish,
    hasSubscription: subscription !== null,
    hasKey: device.key !== null,
    isKnown: device.mark !== null,
    isSame: subscription !== null && device.mark === (await markOf(subscription)),
    isSaidToday: device.said_on === new Date().toDateString(),
  });
  if (next === 'stop') await stop(phone, device, subscription);
  if (next === 'ask key') await askKey(phone, device);
  if (next === 'subscribe') await say(phone, device, await subscribe(manager, device.key!));
  if (next === 'say') await say(phone, device, subscription!);
  return next;
}

/** No notification comes here any more; the server is told, now or at the next start. */
export async function stop(
  phone: Phone,
  device: ThisDevice,
  subscription: PushSubscription | null,
): Promise<boolean> {
  await subscription?.unsubscribe().catch(() => false);
  if (device.mark === null) return true;
  const answer = await ask('DELETE', `/api/devices/${device.id}`);
  const isGone = answer.kind === 'ok' || (answer.kind === 'refused' && answer.status === 404);
  if (isGone) await writeThisDevice(phone, { ...device, mark: null, said_on: null });
  return isGone;
}

async function askKey(phone: Phone, device: ThisDevice): Promise<void> {
  const answer = await ask<{ key: string }>('GET', '/api/push/key');
  if (answer.kind === 'ok') await writeThisDevice(phone, { ...device, key: answer.data.key });
}

async function say(
  phone: Phone,
  device: ThisDevice,
  subscription: PushSubscription,
): Promise<void> {
  const wasKnown = device.mark !== null && device.mark === (await markOf(subscription));
  const said = await sayHere(phone, device, subscription);
  if (said.kind === 'other_key') {
    await subscription.unsubscribe().catch(() => false);
    await writeThisDevice(phone, { ...device, key: null, mark: null });
  }
  // It was taken off the list from another device: that is an opt-out, and it stays one.
  if (said.kind === 'said' && said.isNew && wasKnown) {
    await subscription.unsubscribe().catch(() => false);
    await writeThisDevice(phone, { ...(await readThisDevice(phone)), wish: 'off' });
  }
}
