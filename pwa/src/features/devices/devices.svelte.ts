/** Notifications on this device, and the list of all of mine. */
import { ask } from '../../api/client';
import type { DeviceOut, List, TrialOut } from '../../api/shapes';
import { installWay } from '../../core/installing';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import {
  readThisDevice,
  sayHere,
  subscribe,
  writeThisDevice,
  type ThisDevice,
} from '../../store/subscription';
import { stop } from './reconcile';

/** install: on an iPhone or iPad, only from the home screen · impossible: not in this browser */
export type PushState = 'unknown' | 'install' | 'impossible' | 'denied' | 'off' | 'on';
export type Trouble = 'signal' | 'service' | 'denied' | { message: string };

/** How long somebody looks at "on its way" before we say that nothing was heard, in ms. */
const TRIAL_PATIENCE = 30_000;
const TRIAL_PAUSE = 800;

class Devices {
  state = $state<PushState>('unknown');
  trouble = $state.raw<Trouble | null>(null);
  isBusy = $state(false);
  /** This device's id in the list. */
  thisId = $state<string | null>(null);
  /** What came of the tests asked for here, by device. */
  trials = $state.raw<Record<string, TrialOut | 'waiting' | 'unheard'>>({});

  #list = $state.raw(new Resource<List<DeviceOut>>('/api/devices'));
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

  /** @param isFresh something has just been said of a device: an answer on its way may be from before */
  async load(isFresh = false): Promise<void> {
    const device = await readThisDevice(session.phone);
    this.thisId = device.id;
    this.state = await stateNow(device);
    await (isFresh ? this.#list.reload() : this.#list.load());
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
    const asked = Notification.requestPermission();
    this.isBusy = true;
    this.trouble = null;
    try {
      if ((await asked) !== 'granted') this.trouble = 'denied';
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
    const { phone } = session;
    const device: ThisDevice = { ...(await readThisDevice(phone)), wish: 'off' };
    await writeThisDevice(phone, device);
    const manager = (await navigator.serviceWorker?.getRegistration())?.pushManager;
    await stop(phone, device, (await manager?.getSubscription()) ?? null);
    this.isBusy = false;
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
    const asked = await ask<TrialOut>('POST', `/api/devices/${id}/test`);
    if (asked.kind !== 'ok') return this.#note(id, 'unheard');
    const end = Date.now() + TRIAL_PATIENCE;
    while (Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, TRIAL_PAUSE));
      const answer = await ask<TrialOut>('GET', `/api/devices/${id}/test`);
      if (answer.kind === 'ok' && answer.data.state === 'answered')
        return this.#note(id, answer.data);
    }
    this.#note(id, 'unheard');
  }

  #note(id: string, trial: TrialOut | 'waiting' | 'unheard'): void {
    this.trials = { ...this.trials, [id]: trial };
  }

  async #subscribe(manager: PushManager, key: string): Promise<void> {
    const { phone } = session;
    const device: ThisDevice = { ...(await readThisDevice(phone)), wish: 'on', key };
    const before = await manager.getSubscription();
    // One that was made with another key cannot be used; the browser would refuse a second one.
    if (before && device.mark === null) await before.unsubscribe();
    const subscription = await subscribe(manager, key);
    await writeThisDevice(phone, device);
    const said = await sayHere(phone, device, subscription);
    if (said.kind === 'unreachable') this.trouble = 'signal';
    if (said.kind === 'refused') this.trouble = { message: said.message };
    if (said.kind === 'other_key') this.trouble = 'service';
  }

  #forget(): void {
    this.#list = new Resource('/api/devices');
    this.#prepared = null;
    this.state = 'unknown';
    this.trials = {};
    this.trouble = null;
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
