import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { ahead } from './build/ahead.ts';
import { compress } from './build/compress.ts';
import { icons } from './build/icons.ts';
import { notices } from './build/notices.ts';
import { languageOf, laterPartOf } from './build/parts.ts';
import { pieces } from './build/pieces.ts';
import { precache } from './build/precache.ts';
import { pseudo } from './build/pseudo.ts';
import { typefaces } from './build/typeface.ts';

// Tests of dates stand in a zone whose clocks change.
if (process.env.VITEST) process.env.TZ = 'Europe/London';

export default defineConfig({
  plugins: [
    svelte(),
    pseudo('ALONGSIDE_PSEUDO' in process.env),
    icons(),
    pieces(),
    notices(),
    ahead(['today', 'door']),
    precache(),
    compress(),
  ],
  build: {
    // The browsers that have everything the app stands on: light-dark(), Web Locks, @starting-style.
    target: ['chrome123', 'firefox129', 'safari17.5'],
    // A screen's styles are named ahead in the first file; the list of its scripts would cost every first load 400 bytes,
    // and a later screen fetches its second file only when the first one names it: once, then it is on the phone.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, needed) => needed.filter((one) => one.endsWith('.css')),
    },
    // Nothing as a data: URL, so that the content policy can stay without exceptions.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What the first screen needs is one file; what several later screens share is another.
        // Left alone the app would be sixty, and a phone with little signal waits for each.
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'], priority: 5 },
            { name: 'today', test: /features\/today\/Today\.svelte/, priority: 3 },
            // Whoever signs in does not wait for what the screens behind it share.
            {
              name: 'door',
              test: /sign_in\/(?!SignInAgain)|sign-in|ui\/(Field|Avatar|initials)/,
              priority: 4,
            },
            { name: 'screens', test: /src\/screens\.ts|en\/(titles|later)/, priority: 3 },
            // What Today shows of features that are otherwise fetched later.
            {
              name: 'waits',
              test: /\/(FromPeople|ProposalsToConsider|OnToday)\.svelte$|who-waits|(i18n|en)\/numbers/,
              priority: 2.5,
            },
            // How the other screens look, and what they say, is much the same in each and packs well together.
            // Whoever has no account yet does not wait for the others' words.
            { name: 'looks', test: (id) => /type=style/.test(id) && !laterPartOf(id), priority: 2 },
            {
              name: 'words',
              test: (id) =>
                /i18n\/en\/(?!sign-in|joining|rare|kept|choices).*json/.test(id) &&
                !laterPartOf(id),
              priority: 2,
            },
            // With what joining, feedback and the contract share and the first screen does not need.
            {
              name: 'cohort',
              test: /features\/(activity|cohorts|home|responses)\/|store\/new-review/,
              priority: 1,
            },
            // What is asked for right behind the first screen (what waits), and all that may stand beside it.
            {
              name: 'behind',
              test: /features\/(devices|notices|prompts|me)\/|Install|install-steps|installing|SignInAgain|Missing|BelowTheBox|NewInCohort|KeptLine|reflections\/changes|en\/kept/,
              priority: 1,
            },
            {
              name: 'whole',
              test: /core\/(behind|returning|whole|told-apart|look-alikes|updates|UpdateNotice|worker-bridge)|en\/rare/,
              priority: 2.5,
            },
            {
              name: 'sending',
              test: /src\/kinds|features\/\w+\/kinds|store\/(outbox|unsent-left|sync|kept-answers|confirming|letting-mine-go|deliver|pull|kinds\.|lock|letting-go|copies|shown|leaving|device-leaving|sign_out|clearing|new-keys|half-shelves|choices|persistence|shell-leftovers|renewal|subscription|arriving|asking)/,
              priority: 2,
            },
            { name: 'mine', test: /features\/(mine|reflections|patients|unsent)\//, priority: 1 },
            // What later features share; they need the core, and not each other.
            {
              name: 'shared',
              test: /src\/(ui|core|store|i18n)\//,
              minShareCount: 2,
              priority: 0.7,
            },
            // What it takes to speak another than English, and each of them for those who chose it.
            { name: 'languages', test: /i18n\/(speaking|languages)\.ts/, priority: 3 },
            { name: (id) => languageOf(id), debugName: 'language', priority: 3 },
            // A feature that is fetched later is a file of its own: its screens and what they say; its looks stand beside.
            { name: (id) => laterPartOf(id), debugName: 'later', priority: 0.5 },
            { name: 'shared', minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': process.env.ALONGSIDE_API_URL ?? 'http://127.0.0.1:8000' },
  },
  resolve: {
    alias: await typefaces(),
    // Svelte has a server build and a browser build; tests run the browser's.
    ...(process.env.VITEST && { conditions: ['browser'] }),
  },
  test: {
    // A thread for each file: to start a process took a fifth more.
    pool: 'threads',
    environment: 'happy-dom',
    setupFiles: ['src/i18n/learn-all.ts', 'src/testing/patience.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
  },
});
