import reflections from './reflections.json';
import shell from './shell.json';
import today from './today.json';
import ui from './ui.json';

/** The English messages that the first screen needs; they come with the app. */
export const first = { ...reflections, ...shell, ...today, ...ui };

/** Those that come with the screens that say them (screens.ts says which). */
export const later = {
  activity: () => import('./activity.json'),
  beginning: () => import('./beginning.json'),
  contract: () => import('./contract.json'),
  convening: () => import('./convening.json'),
  devices: () => import('./devices.json'),
  cohorts: () => import('./cohorts.json'),
  feedback: () => import('./feedback.json'),
  install: () => import('./install.json'),
  joining: () => import('./joining.json'),
  mine: () => import('./mine.json'),
  me: () => import('./me.json'),
  notices: () => import('./notices.json'),
  prompts: () => import('./prompts.json'),
  proposals: () => import('./proposals.json'),
  pulse: () => import('./pulse.json'),
  rare: () => import('./rare.json'),
  refusals: () => import('./refusals.json'),
  reminders: () => import('./reminders.json'),
  rhythm: () => import('./rhythm.json'),
  seen: () => import('./seen.json'),
  responses: () => import('./responses.json'),
  unsent: () => import('./unsent.json'),
  signIn: () => import('./sign-in.json'),
};

type KeysOf<Load> = Load extends () => Promise<{ default: infer Words }> ? keyof Words : never;

/** Every key there is, whenever it comes. */
export type Key =
  | keyof typeof first
  | keyof typeof import('./choices.json')
  | keyof typeof import('./difference.json')
  | keyof typeof import('./help.json')
  | keyof typeof import('./kept.json')
  | keyof typeof import('./numbers.json')
  | keyof typeof import('./times.json')
  | keyof typeof import('./titles.json')
  | keyof typeof import('./who-waits.json')
  | KeysOf<(typeof later)[keyof typeof later]>;

/** What follows in those keys that begin so. */
export type NamedIn<Beginning extends string, All = Key> = All extends `${Beginning}.${infer Name}`
  ? Name
  : never;
