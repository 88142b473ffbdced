import { TAKE_OVER } from '../worker/messages';
import { OUTBOX_LOCK, UNSAVED_LOCK } from './locks';

const HOUR = 60 * 60_000;
/** A worker that was let in takes over within moments; if it does not, the notice comes back. */
const PATIENCE = 10_000;

/** What the updates need of the browser; a test brings its own. */
export interface Surroundings {
  workers: Pick<ServiceWorkerContainer, 'controller' | 'addEventListener'>;
  locks: Pick<LockManager, 'request'> | undefined;
  reload: () => void;
}

/**
 * A new version waits until a person says yes, in any tab. It is refused while somebody's letters
 * are not yet in the database or the outbox is sending, in whichever tab that is: two Web Locks say
 * so. When it comes in, every tab reloads exactly once, each as soon as nobody is typing in it.
 */
export class Updates {
  /** A new version is here and waits. */
  isWaiting = $state(false);
  /** It was asked for, and somebody's words were in the way. */
  isRefused = $state(false);
  isTakingOver = $state(false);

  #around: Surroundings;
  #registration: ServiceWorkerRegistration | null = null;
  #hasReloaded = false;

  constructor(around: Surroundings = theBrowser()) {
    this.#around = around;
  }

  /** Watches for new versions: now, when the app comes into view, and every hour. */
  watch(registration: ServiceWorkerRegistration): void {
    this.#registration = registration;
    // The very first worker takes an uncontrolled page over too; that is no new version.
    let wasControlled = Boolean(this.#around.workers.controller);
    this.#around.workers.addEventListener('controllerchange', () => {
      if (wasControlled) void this.#onTakenOver();
      wasControlled = true;
    });
    registration.addEventListener('updatefound', () => this.#follow(registration.installing));
    this.#follow(registration.installing);
    this.#look();
    const check = () => void registration.update().catch(() => {});
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') check();
    });
    setInterval(check, HOUR);
  }

  /** The person's yes. */
  async letIn(): Promise<void> {
    this.isRefused = false;
    const isClear = await this.#whileNobodyWrites(() => this.#takeOver());
    this.isRefused = !isClear;
  }

  #follow(worker: ServiceWorker | null): void {
    worker?.addEventListener('statechange', () => this.#look());
  }

  #look(): void {
    this.isWaiting = Boolean(this.#registration?.waiting && this.#around.workers.controller);
    if (!this.isWaiting) this.isRefused = false;
  }

  /** Keeps the locks until the page is gone, so that no letter is typed or sent in between. */
  async #takeOver(): Promise<void> {
    this.isTakingOver = true;
    this.#registration?.waiting?.postMessage(TAKE_OVER);
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    this.isTakingOver = false;
    this.#look();
  }

  async #onTakenOver(): Promise<void> {
    if (this.isTakingOver) this.#reload();
    else await this.#around.locks?.request(UNSAVED_LOCK, () => this.#reload());
    this.#reload();
  }

  #reload(): void {
    if (this.#hasReloaded) return;
    this.#hasReloaded = true;
    this.#around.reload();
  }

  /** Does `work` under both locks if both are free at this moment; answers whether they were. */
  async #whileNobodyWrites(work: () => Promise<void>): Promise<boolean> {
    const { locks } = this.#around;
    const underBoth = (outbox: unknown) => (outbox ? work().then(() => true) : false);
    if (!locks) return underBoth(true);
    return locks.request(UNSAVED_LOCK, { ifAvailable: true }, (unsaved) =>
      unsaved ? locks.request(OUTBOX_LOCK, { ifAvailable: true }, underBoth) : false,
    );
  }
}

function theBrowser(): Surroundings {
  return {
    workers: navigator.serviceWorker,
    locks: navigator.locks,
    reload: () => location.reload(),
  };
}

export const updates = new Updates();
