/** The browser has changed or dropped this device's subscription: get a new one, and tell the server. */
import { openPhone } from '../store/database';
import { whoIsSignedIn } from '../store/device';
import {
  keyOf,
  readThisDevice,
  sayStillHere,
  subscribe,
  writeThisDevice,
} from '../store/subscription';

/** Not every browser says which one it was, nor hands over the new one. */
export interface PushSubscriptionChange {
  newSubscription?: PushSubscription | null;
  oldSubscription?: PushSubscription | null;
}

/** What cannot be done now is done when the app is opened next (features/devices/reconcile.ts). */
export async function onSubscriptionChange(
  change: PushSubscriptionChange,
  manager: PushManager,
): Promise<void> {
  const who = await whoIsSignedIn();
  if (!who || who.ended || !who.confirmed) return;
  const phone = await openPhone(who.id);
  const device = await readThisDevice(phone);
  if (device.wish !== 'on') return;
  const key = device.key ?? keyOf(change.oldSubscription?.options);
  const renewed = change.newSubscription ?? (await manager.getSubscription());
  const subscription = renewed ?? (key && (await subscribe(manager, key).catch(() => null)));
  if (!subscription) return;
  const known = { ...device, key: keyOf(subscription.options) ?? key };
  await writeThisDevice(phone, known);
  await sayStillHere(phone, known, subscription);
}
