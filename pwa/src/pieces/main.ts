import { mount, tick } from 'svelte';
import '../styles/base.css';
import { know, learn, type Feature } from '../i18n';
import { later } from '../i18n/en/later';
import titles from '../i18n/en/titles.json';
import Pieces from './Pieces.svelte';
import { showStates } from './states';

know(titles);
await learn(Object.keys(later) as Feature[]);
document.documentElement.dataset.serif = '';
mount(Pieces, { target: document.getElementById('app')! });
await tick();
showStates();
