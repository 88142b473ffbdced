import Missing from './core/Missing.svelte';
import { find, type Found, type Route, type Screen } from './core/router.svelte';
import { learn, t, type Feature } from './i18n';
import type { Tab } from './ui/TabBar.svelte';

/** Every screen there is: its path, its title, where it is. The start screen comes with the app. */
const ROUTES: readonly Route[] = [];

const SIGN_IN: Route = {
  path: '/sign-in',
  title: 'shell.title.signIn',
  screen: Missing,
  isOpen: true,
};
const MISSING: Route = { path: '/*', title: 'shell.title.missing', screen: Missing, isOpen: true };

/** The screen for an address. Whoever is not signed in meets the sign-in, and stays at the address. */
export function placeFor(path: string, isSignedIn: boolean): Found {
  const found = find(ROUTES, path) ?? { route: MISSING, params: {} };
  return isSignedIn || found.route.isOpen ? found : { route: SIGN_IN, params: {} };
}

/** The tabs, left to right. One line each; feedback will be the fourth of five. */
export function tabs(): Tab[] {
  return [
    { href: '/', label: t('shell.tab.today'), icon: 'today' },
    { href: '/mine', label: t('shell.tab.mine'), icon: 'mine' },
    { href: '/cohort', label: t('shell.tab.cohort'), icon: 'cohort' },
    { href: '/me', label: t('shell.tab.me'), icon: 'me' },
  ];
}

/** Screens that stand under a tab although their address does not begin with it. */
const UNDER: Record<string, string> = { reflections: '/cohort', 'what-others-see': '/mine' };

/** The href of the tab that an address belongs to. */
export function tabOf(path: string): string {
  const first = path.split('/')[1] ?? '';
  return UNDER[first] ?? `/${first}`;
}

/** A screen that is loaded when it is first wanted, and its words with it. */
export function later(
  screen: () => Promise<{ default: Screen }>,
  ...features: Feature[]
): () => Promise<{ default: Screen }> {
  return async () => {
    const [loaded] = await Promise.all([screen(), learn(features)]);
    return loaded;
  };
}
