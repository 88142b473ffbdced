/**
 * The first screen. Who is here is asked of IndexedDB, which takes a moment; a note beside it says
 * at once whether somebody probably is, so that Today can be on its way before the answer is.
 * Nobody's name is in it, and it decides nothing: a wrong note costs one file.
 */
import { find } from './core/router.svelte';

const KEY = 'alongside.somebody-is-here';

type Today = Promise<typeof import('./features/today/Today.svelte')>;
let today: Today | null = null;

/** Asked again, it is here at once: even a file that is here already costs a turn of the browser's, and a frame without it. */
export function loadToday(): Today {
  today ??= import('./features/today/Today.svelte').catch((error: unknown) => {
    today = null;
    throw error;
  });
  return today;
}

/**
 * Fetches the first screen ahead of its turn: the one at this address if this phone was signed in when it was
 * last seen, else the sign-in. Fulfilled when it is here, or cannot be had: whoever needs it in earnest asks
 * again, and says so.
 */
export async function beginFirstScreen(): Promise<void> {
  if (location.pathname === '/join') return;
  await (read() ? loadFirst() : import('./features/sign_in/SignIn.svelte')).catch(() => undefined);
}

async function loadFirst(): Promise<unknown> {
  const { pathname } = location;
  if (pathname === '/') return loadToday();
  const { SCREENS } = await import('./screens');
  return find(SCREENS, pathname)?.route.load();
}

export function noteWhetherSomebodyIsHere(isHere: boolean): void {
  try {
    if (isHere) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // Storage may be closed to us; Today then waits its turn.
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
