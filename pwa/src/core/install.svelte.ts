import { wayToInstall, type Way } from './install-steps';

const QUIET = 30 * 24 * 60 * 60_000;
const KEY = 'alongside.install-quiet-until';

/** Chromium's event; not in TypeScript's library. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Help with putting the app on the home screen: offered after words were kept, never on load. */
export class Install {
  isInstalled = $state(isStandalone());
  /** The help is to be shown now. */
  isOffered = $state(false);
  #prompt = $state.raw<InstallPrompt | null>(null);

  /** How it is done in this browser, or null. */
  get way(): Way | null {
    return this.isInstalled ? null : wayToInstall(navigator, this.#prompt !== null);
  }

  /** Keeps the browser's own question for the moment we choose; must listen from the start. */
  watch(): void {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPrompt;
    });
    addEventListener('appinstalled', () => {
      this.isInstalled = true;
      this.isOffered = false;
      this.#prompt = null;
    });
  }

  /** Something was kept: the app has been of use, so this is a moment to mention it. */
  offerAfterFirstKeep(now = Date.now()): void {
    if (this.way && now >= quietUntil()) this.isOffered = true;
  }

  /** Not now: not mentioned again for 30 days. */
  dismiss(now = Date.now()): void {
    this.isOffered = false;
    try {
      localStorage.setItem(KEY, String(now + QUIET));
    } catch {
      // Storage may be closed to us; then the wish lasts as long as this page.
    }
  }

  /** Asks the browser's own question. It can be asked once. */
  async ask(): Promise<void> {
    const prompt = this.#prompt;
    this.#prompt = null;
    const answer = await prompt?.prompt();
    if (answer?.outcome !== 'accepted') this.dismiss();
    this.isOffered = false;
  }
}

function isStandalone(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches ||
    ('standalone' in navigator && navigator.standalone === true)
  );
}

function quietUntil(): number {
  try {
    return Number(localStorage.getItem(KEY) ?? 0);
  } catch {
    return 0;
  }
}

export const install = new Install();
