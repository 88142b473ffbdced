import { mount } from 'svelte';
import './styles/base.css';
import App from './App.svelte';
import { install } from './core/install.svelte';
import { router } from './core/router.svelte';
import { beginFirstScreen } from './core/start-screen';
import { catchSharedText } from './core/shared-in';
import { updates } from './core/updates.svelte';
import { startWorker } from './core/worker-bridge';
import { connection } from './store/connection.svelte';
import { session } from './store/session.svelte';

beginFirstScreen();
catchSharedText();
install.watch();
router.start();

// Who is here is known from the phone itself, in milliseconds and without a network.
void session.start().then(() => connection.start());
mount(App, { target: document.getElementById('app')! });

void startWorker().then((registration) => registration && updates.watch(registration));
