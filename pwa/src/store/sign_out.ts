/** Leaving this phone: a warning first if words would be lost, then nothing of the person is left on it. */
import { ask } from '../api/client';
import { wipePhone } from './database';
import { forgetSignedIn, whoIsSignedIn } from './device';
import { flushDrafts } from './drafts';
import { atOnce } from './lock';
import { drain } from './outbox';
import { session } from './session.svelte';
import { readThisDevice, type ThisDevice } from './subscription';

export interface Unsent {
  reflections: number;
  responses: number;
  profile: number;
  /** My rhythm, questions of mine, reminders. */
  wishes: number;
  feedback: number;
  drafts: number;
  total: number;
}

/** How long a last try to send may keep somebody who wants to leave. */
const PATIENCE = 3_000;

/** Try once more to send, then say what the server does not have. Drafts count: they are words too. */
export async function whatIsUnsent(): Promise<Unsent> {
  await flushDrafts();
  await Promise.race([
    drain(true).catch(() => null),
    new Promise((done) => setTimeout(done, PATIENCE)),
  ]);
  const { db } = session.phone;
  const rows = await db.getAll('outbox');
  const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
  const drafts = await db.count('drafts');
  return {
    reflections: count('reflections'),
    responses: count('responses'),
    profile: count('profile'),
    wishes: count('rhythm') + count('prompts') + count('reminders'),
    feedback: rows.filter((row) => row.kind.startsWith('feedback')).length,
    drafts,
    // What was read or skipped is no loss.
    total: rows.length - count('reads') - count('days') + drafts,
  };
}

/**
 * Forget everything, then tell the server. In this order, because a phone that is handed on at once
 * must be clean even if there is no signal; then the server's session is ended at the next chance.
 * @returns whether the server has been told
 */
export async function leaveThisPhone(): Promise<boolean> {
  return atOnce(async () => {
    const who = await whoIsSignedIn();
    const device = await thisDevice();
    await forgetSignedIn();
    await session.left();
    if (who) await wipePhone(who.id);
    localStorage.clear();
    sessionStorage.clear();
    await Promise.all([forgetShell(), clearBadge()]);
    // The subscription is gone; the server need not find that out by itself.
    if (device?.mark) await ask('DELETE', `/api/devices/${device.id}`);
    return session.endOldSession();
  });
}

async function thisDevice(): Promise<ThisDevice | null> {
  try {
    return await readThisDevice(session.phone);
  } catch {
    return null;
  }
}

async function forgetShell(): Promise<void> {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const registration of registrations) {
    const subscription = await registration.pushManager?.getSubscription().catch(() => null);
    await subscription?.unsubscribe().catch(() => false);
    await registration.unregister();
  }
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
}

async function clearBadge(): Promise<void> {
  await (navigator as { clearAppBadge?(): Promise<void> }).clearAppBadge?.().catch(() => undefined);
}
