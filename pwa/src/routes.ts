import { find, type Found, type Route } from './core/router.svelte';
import { t } from './i18n';
import { loadToday } from './start-screen';
import { waiting } from './store/waiting.svelte';
import type { Tab } from './ui/TabBar.svelte';

/** The start screen has begun to load before its turn. */
const TODAY: Route = { path: '/', title: 'shell.title.today', load: loadToday };
const SIGN_IN: Route = {
  path: '/sign-in',
  title: 'shell.title.signIn',
  load: () => import('./features/sign_in/SignIn.svelte'),
  isOpen: true,
};

/**
 * The screen for an address. Whoever is not signed in meets the sign-in, and stays at the address.
 * The table of all others is not in the way of the first: for an address that is in it, it is awaited.
 * @throws what `import` throws, where the table cannot be had now
 */
export function placeFor(path: string, isSignedIn: boolean): Found | Promise<Found> {
  const found = find([TODAY, SIGN_IN], path);
  return found ? admitted(found, isSignedIn) : amongAll(path, isSignedIn);
}

async function amongAll(path: string, isSignedIn: boolean): Promise<Found> {
  const { SCREENS, MISSING } = await import('./screens');
  return admitted(find(SCREENS, path) ?? { route: MISSING, params: {} }, isSignedIn);
}

function admitted(found: Found, isSignedIn: boolean): Found {
  return isSignedIn || found.route.isOpen ? found : { route: SIGN_IN, params: {} };
}

/** The tabs, left to right. */
export function tabs(): Tab[] {
  return (['today', 'mine', 'cohort', 'feedback', 'me'] as const).map((icon) => {
    const href = icon === 'today' ? '/' : `/${icon}`;
    return { href, label: t(`shell.tab.${icon}`), icon, waiting: waiting.at(href) };
  });
}

/** Screens that stand under a tab although their address does not begin with it. */
const UNDER: Record<string, string> = {
  help: '/me',
  notices: '/',
  reflections: '/cohort',
  'what-others-see': '/me',
};

/** The href of the tab that an address belongs to. */
export function tabOf(path: string): string {
  const first = path.split('/')[1] ?? '';
  return UNDER[first] ?? `/${first}`;
}
