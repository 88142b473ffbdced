/**
 * What the app is made of. The core is on the phone before Today counts as kept; every other feature
 * is a part of its own, fetched when the phone has time. Whoever adds a feature does nothing here:
 * it is a part of its own, named after its folder.
 */

/** Features whose screens open straight after the first visit. They share 200 kB (tests/journeys/test_installing.py). */
const CORE_FEATURES = [
  'activity',
  'cohorts',
  'devices',
  'home',
  'me',
  'mine',
  'notices',
  'patients',
  'prompts',
  'reflections',
  'responses',
  'sign_in',
  'today',
  'unsent',
];

/** Catalogues that those screens say, besides the ones named as they are; Today says what waits in the last three. */
const CORE_WORDS = [
  'choices',
  'install',
  'kept',
  'mine',
  'rare',
  'seen',
  'shell',
  'sign-in',
  'times',
  'titles',
  'ui',
  'who-waits',
  'feedback-lines',
  'proposals',
  'pulse',
];

/** Features that are one part with another: their screens lead into each other and share most of their code. */
const TOGETHER: Record<string, string> = {
  reminders: 'convening',
  proposals: 'contract',
  pulse: 'contract',
  difference: 'contract',
};

/** The chunks that the core is cut into (codeSplitting in vite.config.ts). Every other chunk comes later. */
const CORE_CHUNKS = [
  'behind',
  'cohort',
  'door',
  'figtree',
  'index',
  'languages',
  'looks',
  'mine',
  'numbers',
  'rolldown-runtime',
  'screens',
  'sending',
  'shared',
  'today',
  'waits',
  'whole',
  'words',
];

/** The part that a module belongs to, by its file's name; null for the core and what all share. */
export function laterPartOf(id: string): string | null {
  const path = id.split('?')[0]!;
  const feature = /\/features\/([^/]+)\//.exec(path)?.[1];
  if (feature) return CORE_FEATURES.includes(feature) ? null : (TOGETHER[feature] ?? feature);
  const words = /\/i18n\/en\/([^/]+)\.json$/.exec(path)?.[1];
  if (words && ![...CORE_FEATURES, ...CORE_WORDS].includes(words)) return TOGETHER[words] ?? words;
  return /[dD]ifference\.(svelte|ts)$/.test(path) ? 'contract' : null;
}

/** The file that another language than English is, by a module of its; null for all else. */
export function languageOf(id: string): string | null {
  const code = /\/i18n\/([\w-]+)\/\w[\w-]*\.(?:json|ts)$/.exec(id)?.[1];
  return code && code !== 'en' ? `language-${code}` : null;
}

/** The part that a built file belongs to, by its address; null for the core. */
export function partOfFile(path: string): string | null {
  const name = /^\/assets\/(.+)-[\w-]{8}\.\w+$/.exec(path)?.[1];
  return name && !CORE_CHUNKS.includes(name) ? name : null;
}
