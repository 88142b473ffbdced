import { find, type Found, type Route, type Screen } from './core/router.svelte';
import { loadToday } from './start-screen';
import { learn, t, type Feature } from './i18n';
import { waiting } from './store/waiting.svelte';
import type { Tab } from './ui/TabBar.svelte';

/** A screen that is loaded when it is first wanted, and its words with it. */
function later(
  screen: () => Promise<{ default: Screen }>,
  ...features: Feature[]
): () => Promise<{ default: Screen }> {
  return async () => {
    const [loaded] = await Promise.all([screen(), learn(features)]);
    return loaded;
  };
}

/** Every screen there is: its path, its title, where it is. The start screen has begun to load before its turn. */
const ROUTES: readonly Route[] = [
  { path: '/', title: 'shell.title.today', load: loadToday },
  {
    path: '/mine',
    title: 'shell.title.mine',
    load: later(() => import('./features/reflections/Reflections.svelte'), 'mine', 'unsent'),
  },
  {
    path: '/mine/look-back',
    title: 'shell.title.lookBack',
    load: later(() => import('./features/reflections/LookBack.svelte'), 'mine'),
  },
  {
    path: '/mine/:id',
    title: 'shell.title.reflection',
    load: later(
      () => import('./features/reflections/Reflection.svelte'),
      'mine',
      'responses',
      'unsent',
    ),
  },
  {
    path: '/what-others-see',
    title: 'shell.title.seen',
    load: later(() => import('./features/reflections/WhatOthersSee.svelte'), 'cohorts', 'seen'),
  },
  {
    path: '/cohort',
    title: 'shell.title.cohort',
    load: later(
      () => import('./features/activity/CohortActivity.svelte'),
      'activity',
      'cohorts',
      'responses',
    ),
  },
  {
    path: '/cohort/contract',
    title: 'shell.title.contract',
    load: later(
      () => import('./features/contract/Contract.svelte'),
      'cohorts',
      'contract',
      'unsent',
    ),
  },
  {
    path: '/cohort/contract/history',
    title: 'shell.title.history',
    load: later(() => import('./features/contract/History.svelte'), 'contract'),
  },
  {
    path: '/cohort/contract/suggest',
    title: 'shell.title.suggest',
    load: later(() => import('./features/proposals/Suggest.svelte'), 'proposals', 'unsent'),
  },
  {
    path: '/cohort/contract/proposals/:id',
    title: 'shell.title.proposal',
    load: later(() => import('./features/proposals/OneProposal.svelte'), 'proposals', 'unsent'),
  },
  {
    path: '/cohort/contract/pulse',
    title: 'shell.title.pulse',
    load: later(() => import('./features/pulse/PulseScreen.svelte'), 'cohorts', 'pulse'),
  },
  {
    path: '/cohort/contract/check-ins/:id',
    title: 'shell.title.checkIn',
    load: later(() => import('./features/pulse/CheckIn.svelte'), 'pulse', 'unsent'),
  },
  {
    path: '/cohort/people',
    title: 'shell.title.people',
    load: later(() => import('./features/cohorts/People.svelte'), 'cohorts'),
  },
  {
    path: '/cohort/about',
    title: 'shell.title.about',
    load: later(() => import('./features/cohorts/About.svelte'), 'cohorts'),
  },
  {
    path: '/cohort/convene',
    title: 'shell.title.convene',
    load: later(
      () => import('./features/convening/Convene.svelte'),
      'cohorts',
      'prompts',
      'reminders',
    ),
  },
  {
    path: '/cohort/new',
    title: 'shell.title.newCohort',
    load: later(() => import('./features/cohorts/NewCohort.svelte'), 'cohorts'),
  },
  {
    path: '/cohort/edit',
    title: 'shell.title.editCohort',
    load: later(() => import('./features/cohorts/EditCohort.svelte'), 'cohorts'),
  },
  {
    path: '/reflections/:id',
    title: 'shell.title.shared',
    load: later(
      () => import('./features/activity/SharedReflection.svelte'),
      'activity',
      'responses',
      'unsent',
    ),
  },
  {
    path: '/notices',
    title: 'shell.title.notices',
    load: later(() => import('./features/notices/NoticesScreen.svelte'), 'notices'),
  },
  {
    path: '/me/rhythm',
    title: 'shell.title.rhythm',
    load: later(
      () => import('./features/rhythm/RhythmScreen.svelte'),
      'devices',
      'install',
      'rhythm',
    ),
  },
  {
    path: '/feedback',
    title: 'shell.title.feedback',
    load: later(() => import('./features/feedback/Feedback.svelte'), 'feedback'),
  },
  {
    path: '/feedback/received',
    title: 'shell.title.feedback',
    load: later(() => import('./features/feedback/Received.svelte'), 'feedback'),
  },
  {
    path: '/feedback/given',
    title: 'shell.title.feedback',
    load: later(() => import('./features/feedback/Given.svelte'), 'feedback'),
  },
  {
    path: '/feedback/ask',
    title: 'shell.title.ask',
    load: later(() => import('./features/feedback/Ask.svelte'), 'feedback', 'unsent'),
  },
  {
    path: '/feedback/offer',
    title: 'shell.title.offer',
    load: later(() => import('./features/feedback/Offer.svelte'), 'feedback', 'unsent'),
  },
  {
    path: '/feedback/:id',
    title: 'shell.title.feedback',
    load: later(
      () => import('./features/feedback/OneFeedback.svelte'),
      'activity',
      'feedback',
      'unsent',
    ),
  },
  {
    path: '/me',
    title: 'shell.title.me',
    load: later(() => import('./features/me/MeScreen.svelte'), 'me', 'install'),
  },
  {
    path: '/join',
    title: 'shell.title.join',
    load: later(() => import('./features/joining/Join.svelte'), 'joining', 'signIn'),
    isOpen: true,
  },
];

const SIGN_IN: Route = {
  path: '/sign-in',
  title: 'shell.title.signIn',
  load: later(() => import('./features/sign_in/SignIn.svelte'), 'signIn'),
  isOpen: true,
};
const MISSING: Route = {
  path: '/*',
  title: 'shell.title.missing',
  load: later(() => import('./core/Missing.svelte'), 'rare'),
  isOpen: true,
};

/** The screen for an address. Whoever is not signed in meets the sign-in, and stays at the address. */
export function placeFor(path: string, isSignedIn: boolean): Found {
  const found = find([...ROUTES, SIGN_IN], path) ?? { route: MISSING, params: {} };
  return isSignedIn || found.route.isOpen ? found : { route: SIGN_IN, params: {} };
}

/** The tabs, left to right. One line each. */
export function tabs(): Tab[] {
  return [
    {
      href: '/',
      label: t('shell.tab.today'),
      icon: 'today',
      ...(waiting.count ? { waiting: t('shell.waiting', { count: waiting.count }) } : {}),
    },
    { href: '/mine', label: t('shell.tab.mine'), icon: 'mine' },
    { href: '/cohort', label: t('shell.tab.cohort'), icon: 'cohort' },
    { href: '/feedback', label: t('shell.tab.feedback'), icon: 'feedback' },
    { href: '/me', label: t('shell.tab.me'), icon: 'me' },
  ];
}

/** Screens that stand under a tab although their address does not begin with it. */
const UNDER: Record<string, string> = {
  notices: '/',
  reflections: '/cohort',
  'what-others-see': '/me',
};

/** The href of the tab that an address belongs to. */
export function tabOf(path: string): string {
  const first = path.split('/')[1] ?? '';
  return UNDER[first] ?? `/${first}`;
}
