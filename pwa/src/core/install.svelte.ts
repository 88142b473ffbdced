/** Chromium's event; not in TypeScript's library. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/**
 * Whether help with putting the app on the home screen is to be shown: after words were kept, never on load.
 * What is done about it is in installing.ts, which no first screen waits for.
 */
export class Install {
  isInstalled = $state(isStandalone());
  /** The help is to be shown now. */
  isOffered = $state(false);
  /** The browser's own question. It can be asked once. */
  prompt = $state.raw<InstallPrompt | null>(null);

  /** Keeps the browser's own question for the moment we choose; must listen from the start. */
  watch(): void {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.prompt = event as InstallPrompt;
    });
    addEventListener('appinstalled', () => {
      this.isInstalled = true;
      this.isOffered = false;
      this.prompt = null;
    });
  }
}

function isStandalone(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches ||
    ('standalone' in navigator && navigator.standalone === true)
  );
}

export const install = new Install();
