import { mount } from 'svelte';
import './styles/base.css';
import App from './App.svelte';
import { comesFirst, whenIdle } from './core/idle';
import { install } from './core/install.svelte';
import { router } from './core/router.svelte';
import { takeSerif } from './core/serif';
import { beginFirstScreen } from './start-screen';
import { catchSharedText } from './core/shared-in';
import { connection } from './store/connection.svelte';
import { source } from './store/kinds-source';
import { session } from './store/session.svelte';

source.load = () => import('./kinds');

takeSerif();

// First of all that begins when somebody has arrived: what they ask for goes with its question.
connection.start();

// Who is here is known from the phone itself, in milliseconds and without a network; until it is, nothing is shown.
const begun = session.start();
comesFirst(Promise.all([beginFirstScreen(), begun]));
catchSharedText();
install.watch();
router.start();

// Taps on notifications, what waits, and whether they still come here: nobody waits for that.
session.onSettled(
  () =>
    void import('./features/notices/begin.svelte').then(
      ({ begin }) => begin(),
      () => undefined,
    ),
);
session.onSettled(
  () =>
    void import('./store/leaving').then(
      ({ whenWiped }) => whenWiped(() => location.replace('/sign-in')),
      () => undefined,
    ),
);
mount(App, { target: document.getElementById('app')! });

// The first screen comes first: the worker's downloads wait until it is drawn.
void whenIdle()
  .then(() => import('./features/today/who-waits.svelte'))
  .then(({ begin }) => begin())
  .then(() => import('./core/behind'))
  .then(({ beginBehind }) => beginBehind())
  // A first visit whose signal went: the next one begins where this one ended.
  .catch(() => undefined);
