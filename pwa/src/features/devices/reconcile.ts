/** At every start: what the person wants, what the browser has and what the server knows are brought together. */
import { ask } from '../../api/client';
import type { Phone } from '../../store/database';
import { Line } from '../../store/line';
import { session } from '../../store/session.svelte';
import {
  markOf,
  readThisDevice,
  sayStillHere,
  subscribe,
  writeThisDevice,
  type ThisDevice,
} from '../../store/subscription';
import { nextStep, type Step } from './decide';

/** As many steps as one may lead to: another key, another subscription, and saying so. */
const MOST_STEPS = 4;

const line = new Line();

/**
 * Mostly nothing, or one step with one request to the server. Never throws; what failed is tried at the
 * next start. One after the other: what begins while another one is under way sees what that came to.
 * @returns the first step
 */
export const reconcile = (): Promise<Step> => line.next(steps);

async function steps(): Promise<Step> {
  let first: Step | null = null;
  try {
    const manager = (await navigator.serviceWorker?.getRegistration())?.pushManager;
    if (!manager || !('Notification' in globalThis) || session.state !== 'signed_in')
      return 'nothing';
    const { phone } = session;
    for (let taken = 0; taken < MOST_STEPS; taken += 1) {
      const next = await nextOf(phone, manager);
      first ??= next;
      if (!(await take(next, phone, manager))) break;
    }
  } catch {
    // The store or the push service cannot be had just now.
  }
  return first ?? 'nothing';
}

async function nextOf(phone: Phone, manager: PushManager): Promise<Step> {
  const device = await readThisDevice(phone);
  const subscription = await manager.getSubscription();
  return nextStep({
    permission: Notification.permission,
    wish: device.wish,
    hasSubscription: subscription !== null,
    hasKey: device.key !== null,
    isKnown: device.mark !== null,
    isSame: subscription !== null && device.mark === (await markOf(subscription)),
    isSaidToday: device.said_on === new Date().toDateString(),
  });
}

/** @returns whether it leads to another one */
async function take(step: Step, phone: Phone, manager: PushManager): Promise<boolean> {
  const device = await readThisDevice(phone);
  switch (step) {
    case 'nothing':
      return false;
    case 'stop':
      await stop(phone, device, await manager.getSubscription());
      return false;
    case 'ask key':
      return askKey(phone, device);
    case 'subscribe':
      return sayStillHere(phone, device, await subscribe(manager, device.key!));
    case 'say':
      return sayStillHere(phone, device, (await manager.getSubscription())!);
  }
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

async function askKey(phone: Phone, device: ThisDevice): Promise<boolean> {
  const answer = await ask<{ key: string }>('GET', '/api/push/key');
  if (answer.kind !== 'ok') return false;
  await writeThisDevice(phone, { ...device, key: answer.data.key });
  return true;
}
