/** Begin here: what is done is known by what the phone has; what was waved off is kept on this phone. */
import type { ContractOut, DeviceOut, List, RhythmOut } from '../../api/shapes';
import { install } from '../../core/install.svelte';
import { dismissInstall, installWay } from '../../core/installing';
import { readItem } from '../../store/items';
import { isKnown } from '../../store/known';
import { Resource } from '../../store/resource.svelte';
import { session } from '../../store/session.svelte';
import { readThisDevice } from '../../store/subscription';
import { cohorts } from '../cohorts/cohorts.svelte';
import { isNewcomer } from '../cohorts/is-new';
import { reflections } from '../reflections/reflections.svelte';
import { stillToShow, type Step } from './steps';

const WAVED_OFF = 'begin_here_waved_off';

class Beginning {
  #rhythm = $state.raw(new Resource<RhythmOut>('/api/me/rhythm'));
  #devices = $state.raw(new Resource<List<DeviceOut>>('/api/devices'));
  #contract = $state.raw<Resource<ContractOut> | null>(null);
  /** On this phone, whether or not it was sent: mails are wanted, or notifications come here. */
  #isReachedHere = $state(false);
  #wavedOff = $state.raw<readonly string[]>([]);
  #isKnown = $state(false);

  constructor() {
    session.onLeave(() => this.#forget());
  }

  /** Empty for whoever is not new. */
  readonly steps: Step[] = $derived.by(() => {
    if (!this.#isKnown || !isNewcomer(cohorts.items)) return [];
    return stillToShow(
      {
        keep: reflections.items.length > 0,
        matters: this.#saysSomething,
        reach: this.#isReached,
        home: installWay() === null,
        contract: !this.#hasContract,
      },
      this.#wavedOff,
    );
  });

  /**
   * From what the phone has; of what it never heard, the answer is waited for: a line that stands here is not to
   * go by itself a moment later.
   */
  async load(): Promise<void> {
    if (!isNewcomer(cohorts.items)) return;
    const { phone } = session;
    this.#contract = new Resource(`/api/cohorts/${cohorts.current!.id}/contract`);
    const [waved, device, wishes] = await Promise.all([
      phone.db.get('meta', WAVED_OFF),
      readThisDevice(phone),
      readItem<RhythmOut>(phone, 'rhythm', 'mine'),
      reflections.load(),
      heard(this.#rhythm),
      heard(this.#devices),
      heard(this.#contract),
    ]);
    if (!session.isStill(phone)) return;
    this.#wavedOff = (waved?.value as readonly string[] | undefined) ?? [];
    this.#isReachedHere = device.wish === 'on' || wantsMail(wishes?.value);
    this.#isKnown = true;
  }

  async wave(step: Step): Promise<void> {
    if (step === 'home') dismissInstall();
    const wavedOff = [...this.#wavedOff, step];
    // On a full phone it is so until the app is opened anew.
    await session.phone.db.put('meta', { key: WAVED_OFF, value: wavedOff }).catch(() => undefined);
    this.#wavedOff = wavedOff;
  }

  /** It is offered in a line of its own: once is enough. */
  offerOnce(): void {
    if (install.isOffered && this.steps.includes('home')) install.isOffered = false;
  }

  get #hasContract(): boolean {
    return (this.#contract?.value?.commitments.length ?? 0) > 0;
  }

  get #saysSomething(): boolean {
    const { matters, brings, curious_about } = session.person ?? {};
    return Boolean(matters || brings || curious_about);
  }

  /** By a notification on any device of theirs, or a mail of any kind. */
  get #isReached(): boolean {
    const hasDevice = (this.#devices.value?.items.length ?? 0) > 0;
    return this.#isReachedHere || hasDevice || wantsMail(this.#rhythm.value);
  }

  #forget(): void {
    this.#rhythm = new Resource('/api/me/rhythm');
    this.#devices = new Resource('/api/devices');
    this.#contract = null;
    this.#wavedOff = [];
    this.#isReachedHere = this.#isKnown = false;
  }
}

export const beginning = new Beginning();

const wantsMail = (rhythm: RhythmOut | null | undefined): boolean =>
  Object.values(rhythm?.kinds ?? {})
    .flat()
    .includes('mail');

async function heard<T>(resource: Resource<T>): Promise<void> {
  await resource.recall();
  const asked = resource.load();
  if (!isKnown(resource)) await asked;
}
