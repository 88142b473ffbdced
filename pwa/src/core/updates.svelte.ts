import { TAKE_OVER } from './worker-messages';
import { OUTBOX_LOCK, UNSAVED_LOCK } from './locks';

const HOUR = 60 * 60_000;
/** A worker that was let in takes over within moments; if it does not, the notice comes back. */
const PATIENCE = 10_000;
/** Sending is mostly over in moments; a longer one is not to be waited for behind a busy button. */
const SENDING = 4_000;

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
    let wasControlled = this.#isControlled;
    this.#around.workers.addEventListener('controllerchange', () => {
      if (wasControlled) void this.#onTakenOver();
      wasControlled = true;
    });
    registration.addEventListener('updatefound', () => this.#follow(registration.installing));
    this.#follow(registration.installing ?? registration.waiting);
    this.#look();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.check();
    });
    setInterval(() => this.check(), HOUR);
  }

  /** Asks the server now whether there is a newer version. */
  check(): void {
    void this.#registration?.update().catch(() => {});
  }

  /** The person's yes. */
  async letIn(): Promise<void> {
    if (this.isTakingOver) return;
    this.isRefused = false;
    this.isTakingOver = true;
    const isClear = await this.#whileNobodyWrites(() => this.#takeOver());
    this.isTakingOver = false;
    this.isRefused = !isClear;
    this.#look();
  }

  #follow(worker: ServiceWorker | null): void {
    worker?.addEventListener('statechange', () => {
      // Let in, here or in another tab: the notice stays until the reload that follows.
      if (worker.state === 'activating' && this.#isControlled) this.isTakingOver = true;
      this.#look();
    });
  }

  get #isControlled(): boolean {
    return Boolean(this.#around.workers.controller);
  }

  #look(): void {
    const isHere = Boolean(this.#registration?.waiting) && this.#isControlled;
    this.isWaiting = isHere || this.isTakingOver;
    if (!this.isWaiting) this.isRefused = false;
  }

  /** Keeps the locks until the page is gone, so that no letter is typed or sent in between. */
  async #takeOver(): Promise<void> {
    this.#registration?.waiting?.postMessage(TAKE_OVER);
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
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

  /** Does `work` under both locks: nobody may be typing, and what is being sent may finish. Answers whether it could. */
  async #whileNobodyWrites(work: () => Promise<void>): Promise<boolean> {
    const { locks } = this.#around;
    if (!locks) return work().then(() => true);
    return locks.request(UNSAVED_LOCK, { ifAvailable: true }, async (unsaved) => {
      if (!unsaved) return false;
      const enough = new AbortController();
      const timer = setTimeout(() => enough.abort(), SENDING);
      const sent = () => {
        clearTimeout(timer);
        return work();
      };
      return locks.request(OUTBOX_LOCK, { signal: enough.signal }, sent).then(
        () => true,
        () => false,
      );
    });
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
