/** Notifications on this device, and the list of all of mine. */
import { ask } from '../../api/client';
import type { DeviceOut, List, Refusal, TrialOut } from '../../api/shapes';
import { installWay } from '../../core/installing';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import {
  readThisDevice,
  sayAnew,
  sayHere,
  subscribe,
  writeThisDevice,
  type ThisDevice,
} from '../../store/subscription';
import { reconcile, stop } from './reconcile';

/**
 * install: on an iPhone or iPad, only from the home screen · impossible: not in this browser ·
 * unheard: wanted here, and the server does not know this device
 */
export type PushState = 'unknown' | 'install' | 'impossible' | 'denied' | 'off' | 'unheard' | 'on';
export type Trouble = 'signal' | 'service' | 'denied' | Refusal;

/** What came of a test. renewed: this device was not known any more, and is subscribed anew */
type Trial = TrialOut | 'waiting' | 'unheard' | 'renewed';

/** The push service does not know the device any more. */
const GONE = 410;
/** How long somebody looks at "on its way" before we say that nothing was heard, in ms. */
const TRIAL_PATIENCE = 30_000;
const TRIAL_PAUSE = 800;

class Devices {
  state = $state<PushState>('unknown');
  trouble = $state.raw<Trouble | null>(null);
  isBusy = $state(false);
  /** The browser's own question is open, or was waved away: some never tell which. */
  isAsking = $state(false);
  /** What a device is called that left the list by the answer to a test. */
  left = $state<string | null>(null);
  /** This device's id in the list. */
  thisId = $state<string | null>(null);
  /** What came of the tests asked for here, by device. */
  trials = $state.raw<Record<string, Trial>>({});

  #list = $state.raw(new Resource<List<DeviceOut>>('/api/devices'));
  /** How often the browser was asked. */
  #asked = 0;
  /** Fetched ahead, so that between the tap and the system's question nothing has to be waited for. */
  #prepared: { manager: PushManager; key: string } | null = null;

  constructor() {
    session.onLeave(() => this.#forget());
  }

  get items(): DeviceOut[] {
    return this.#list.value?.items ?? [];
  }

  get isStale(): boolean {
    return this.#list.isStale;
  }

  get isLoaded(): boolean {
    return this.#list.value !== null;
  }

  /**
   * This device and the list of all, which say the same: whatever does not fit is put in order first.
   * @param isFresh something has just been said of a device: an answer on its way may be from before
   */
  async load(isFresh = false): Promise<void> {
    const list = this.#list;
    await this.#look();
    // The browser may have taken back what was so; and what the start of the app does may still be under way.
    await reconcile();
    await this.#look();
    await (isFresh ? list.reload() : list.load());
    if (list !== this.#list || this.#isListed || this.state !== 'on') return;
    await sayAnew(session.phone).then(reconcile);
    await list.reload();
    await this.#look();
    if (!this.#isListed && this.state === 'on') this.state = 'unheard';
  }

  /** As far as is known: a list that is only this phone's copy tells nothing of now. */
  get #isListed(): boolean {
    const isKnown = this.isLoaded && !this.isStale;
    return !isKnown || this.items.some(({ id }) => id === this.thisId);
  }

  async #look(): Promise<void> {
    const device = await readThisDevice(session.phone);
    this.thisId = device.id;
    this.state = await stateNow(device);
  }

  /** Before the explanation is shown: all that the tap will need. False without signal. */
  async prepare(): Promise<boolean> {
    this.trouble = null;
    const manager = (await navigator.serviceWorker?.getRegistration())?.pushManager;
    const answer = await ask<{ key: string }>('GET', '/api/push/key');
    this.#prepared = manager && answer.kind === 'ok' ? { manager, key: answer.data.key } : null;
    if (!this.#prepared) this.trouble = 'signal';
    return this.#prepared !== null;
  }

  /** Straight from a tap: the system asks, then this device subscribes. Call only after `prepare`. */
  async turnOn(): Promise<boolean> {
    const prepared = this.#prepared;
    if (!prepared || this.isBusy) return false;
    // Firefox answers nothing when its question is waved away, so a second tap asks again.
    const asked = Notification.requestPermission();
    const question = (this.#asked += 1);
    this.isAsking = true;
    this.trouble = null;
    const permission = await asked.catch(() => 'default');
    // An answer to one of them is the browser's answer to all; and somebody may have left meanwhile.
    if (!this.isAsking) return false;
    // But a late "no" to an earlier one says nothing of the one that is still open.
    if (permission !== 'granted' && question !== this.#asked) return false;
    this.isAsking = false;
    this.isBusy = true;
    try {
      if (permission !== 'granted') this.trouble = 'denied';
      else await this.#subscribe(prepared.manager, prepared.key);
    } catch {
      this.trouble = 'service';
    } finally {
      this.isBusy = false;
    }
    await this.load(true);
    return this.trouble === null;
  }

  /** No more here. Holds at once, also without signal. */
  async turnOff(): Promise<void> {
    this.isBusy = true;
    try {
      const { phone } = session;
      const device: ThisDevice = { ...(await readThisDevice(phone)), wish: 'off' };
      await writeThisDevice(phone, device);
      const manager = (await navigator.serviceWorker?.getRegistration())?.pushManager;
      await stop(phone, device, (await manager?.getSubscription()) ?? null);
    } finally {
      this.isBusy = false;
    }
    await this.load(true);
  }

  /** Take another of my devices off the list. */
  async remove(id: string): Promise<boolean> {
    if (id === this.thisId) return this.turnOff().then(() => true);
    const answer = await ask('DELETE', `/api/devices/${id}`);
    await this.load(true);
    return answer.kind === 'ok';
  }

  /** Have a test message sent, and wait for what the push service said. */
  async test(id: string): Promise<void> {
    this.#note(id, 'waiting');
    this.left = null;
    const { label } = this.items.find((one) => one.id === id) ?? { label: '' };
    const asked = await ask<TrialOut>('POST', `/api/devices/${id}/test`);
    if (asked.kind !== 'ok') return this.#note(id, 'unheard');
    const end = Date.now() + TRIAL_PATIENCE;
    while (Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, TRIAL_PAUSE));
      const answer = await ask<TrialOut>('GET', `/api/devices/${id}/test`);
      if (answer.kind === 'ok' && answer.data.state === 'answered')
        return this.#heard(id, label, answer.data);
    }
    this.#note(id, 'unheard');
  }

  /** A device that the push service has ended has left the list; this one is subscribed anew. */
  async #heard(id: string, label: string, trial: TrialOut): Promise<void> {
    const hasEnded = trial.status === GONE;
    if (hasEnded && id === this.thisId) await sayAnew(session.phone).then(reconcile);
    if (hasEnded) await this.load(true);
    if (id === this.thisId) this.#note(id, hasEnded && this.state === 'on' ? 'renewed' : trial);
    else if (this.items.some((one) => one.id === id)) this.#note(id, trial);
    else this.left = label;
  }

  #note(id: string, trial: Trial): void {
    this.trials = { ...this.trials, [id]: trial };
  }

  async #subscribe(manager: PushManager, key: string): Promise<void> {
    const { phone } = session;
    const device: ThisDevice = { ...(await readThisDevice(phone)), wish: 'on', key };
    // One that was made with another key, or that the push service has ended, cannot be used.
    await (await manager.getSubscription())?.unsubscribe();
    const subscription = await subscribe(manager, key);
    await writeThisDevice(phone, device);
    const said = await sayHere(phone, device, subscription, true);
    if (said.kind === 'unreachable') this.trouble = 'signal';
    else if (said.kind === 'refused') this.trouble = said.refusal;
    else if (said.kind !== 'said') this.trouble = 'service';
  }

  #forget(): void {
    this.#list = new Resource('/api/devices');
    this.#prepared = null;
    this.state = 'unknown';
    this.isAsking = false;
    this.trials = {};
    this.trouble = null;
    this.left = null;
  }
}

async function stateNow(device: ThisDevice): Promise<PushState> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!('Notification' in globalThis) || !registration?.pushManager)
    return installWay()?.startsWith('ios') ? 'install' : 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  const isHere = (await registration.pushManager.getSubscription()) !== null;
  return device.wish === 'on' && Notification.permission === 'granted' && isHere ? 'on' : 'off';
}

export const devices = new Devices();
