/**
 * The screens besides the first one: their paths, their titles, where they are. This file comes behind
 * the first screen, or with the first of these that somebody opens.
 */
import type { Route, Screen } from './core/router.svelte';
import { know, learn, type Feature } from './i18n';
import titles from './i18n/en/titles.json';

know(titles);

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

/** Every screen but Today and the sign-in (routes.ts). */
export const SCREENS: readonly Route[] = [
  {
    path: '/mine',
    title: 'shell.title.mine',
    load: later(
      () => import('./features/reflections/Reflections.svelte'),
      'cohorts',
      'mine',
      'unsent',
    ),
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
      'cohorts',
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
      () => import('./features/home/CohortHome.svelte'),
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
      'proposals',
      'unsent',
    ),
  },
  {
    path: '/cohort/contract/history',
    title: 'shell.title.history',
    load: later(
      () => import('./features/contract/History.svelte'),
      'cohorts',
      'contract',
      'proposals',
    ),
  },
  {
    path: '/cohort/contract/suggest',
    title: 'shell.title.suggest',
    load: later(
      () => import('./features/proposals/Suggest.svelte'),
      'cohorts',
      'contract',
      'proposals',
      'unsent',
    ),
  },
  {
    path: '/cohort/contract/proposals/:id',
    title: 'shell.title.proposal',
    load: later(
      () => import('./features/proposals/OneProposal.svelte'),
      'cohorts',
      'proposals',
      'unsent',
    ),
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
    load: later(() => import('./features/home/People.svelte'), 'cohorts'),
  },
  {
    path: '/cohort/about',
    title: 'shell.title.about',
    load: later(() => import('./features/home/About.svelte'), 'cohorts'),
  },
  {
    path: '/cohort/powers',
    title: 'shell.title.powers',
    load: later(() => import('./features/facilitating/Powers.svelte'), 'cohorts', 'facilitating'),
  },
  {
    path: '/cohort/convene',
    title: 'shell.title.convene',
    load: later(
      () => import('./features/convening/Convene.svelte'),
      'cohorts',
      'convening',
      'prompts',
      'reminders',
    ),
  },
  {
    path: '/cohort/new',
    title: 'shell.title.newCohort',
    load: later(() => import('./features/convening/NewCohort.svelte'), 'cohorts', 'convening'),
  },
  {
    path: '/cohort/edit',
    title: 'shell.title.editCohort',
    load: later(() => import('./features/convening/EditCohort.svelte'), 'cohorts', 'convening'),
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
    load: later(() => import('./features/feedback/Feedback.svelte'), 'feedback', 'feedback_lines'),
  },
  {
    path: '/feedback/received',
    title: 'shell.title.feedback',
    load: later(() => import('./features/feedback/Received.svelte'), 'feedback', 'feedback_lines'),
  },
  {
    path: '/feedback/given',
    title: 'shell.title.feedback',
    load: later(() => import('./features/feedback/Given.svelte'), 'feedback', 'feedback_lines'),
  },
  {
    path: '/feedback/ask',
    title: 'shell.title.ask',
    load: later(
      () => import('./features/feedback/Ask.svelte'),
      'cohorts',
      'feedback',
      'feedback_lines',
      'unsent',
    ),
  },
  {
    path: '/feedback/offer',
    title: 'shell.title.offer',
    load: later(() => import('./features/feedback/Offer.svelte'), 'cohorts', 'feedback', 'unsent'),
  },
  {
    path: '/feedback/:id',
    title: 'shell.title.feedback',
    load: later(
      () => import('./features/feedback/OneFeedback.svelte'),
      'activity',
      'feedback',
      'feedback_lines',
      'unsent',
    ),
  },
  {
    path: '/me',
    title: 'shell.title.me',
    load: later(() => import('./features/me/MeScreen.svelte'), 'me'),
  },
  {
    path: '/me/sessions',
    title: 'shell.title.sessions',
    load: later(() => import('./features/me/SessionsScreen.svelte'), 'me'),
  },
  {
    path: '/me/data',
    title: 'shell.title.data',
    load: later(() => import('./features/me/MyData.svelte'), 'me'),
  },
  {
    path: '/me/data/register',
    title: 'shell.title.register',
    load: later(() => import('./features/own_data/Register.svelte'), 'account', 'feedback_lines'),
  },
  {
    path: '/me/address',
    title: 'shell.title.address',
    load: later(() => import('./features/account/AddressScreen.svelte'), 'account', 'me'),
  },
  {
    path: '/me/erase',
    title: 'shell.title.erase',
    load: later(() => import('./features/erasing/EraseScreen.svelte')),
    isOpen: true,
  },
  {
    path: '/me/home-screen',
    title: 'shell.title.homeScreen',
    load: later(() => import('./features/me/HomeScreen.svelte'), 'install', 'me'),
  },
  {
    path: '/help',
    title: 'shell.title.help',
    load: later(() => import('./features/help/Help.svelte')),
    isOpen: true,
  },
  {
    path: '/join',
    title: 'shell.title.join',
    load: later(() => import('./features/joining/Join.svelte'), 'joining'),
    isOpen: true,
  },
];

/** Whatever else. */
export const MISSING: Route = {
  path: '/*',
  title: 'shell.title.missing',
  load: later(() => import('./core/Missing.svelte'), 'rare'),
  isOpen: true,
};
