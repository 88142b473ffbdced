/** Helping to put the app on the home screen (install.svelte.ts). */
import { install as ours } from './install.svelte';
import { wayToInstall, type Way } from './install-steps';

const QUIET = 30 * 24 * 60 * 60_000;
const KEY = 'alongside.install-quiet-until';

/** How it is done in this browser, or null. */
export function installWay(install = ours): Way | null {
  return install.isInstalled ? null : wayToInstall(navigator, install.prompt !== null);
}

/** Something was kept: the app has been of use, so this is a moment to mention it. */
export function offerAfterFirstKeep(now = Date.now(), install = ours): void {
  if (installWay(install) && now >= quietUntil()) install.isOffered = true;
}

/** Not now: not mentioned again for 30 days. */
export function dismissInstall(now = Date.now(), install = ours): void {
  install.isOffered = false;
  try {
    localStorage.setItem(KEY, String(now + QUIET));
  } catch {
    // Storage may be closed to us; then the wish lasts as long as this page.
  }
}

/** Asks the browser's own question. It can be asked once. */
export async function askToInstall(install = ours): Promise<void> {
  const { prompt } = install;
  install.prompt = null;
  const answer = await prompt?.prompt();
  if (answer?.outcome !== 'accepted') dismissInstall(Date.now(), install);
  install.isOffered = false;
}

function quietUntil(): number {
  try {
    return Number(localStorage.getItem(KEY) ?? 0);
  } catch {
    return 0;
  }
}
