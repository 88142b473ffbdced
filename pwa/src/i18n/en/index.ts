import reflections from './reflections.json';
import shell from './shell.json';
import today from './today.json';
import ui from './ui.json';
import type { later } from './later';

/** The English messages that the first screen needs; they come with the app. */
export const first = { ...reflections, ...shell, ...today, ...ui };

type KeysOf<Load> = Load extends () => Promise<{ default: infer Words }> ? keyof Words : never;

/** Every key there is, whenever it comes. */
export type Key =
  | keyof typeof first
  | keyof typeof import('./choices.json')
  | keyof typeof import('./difference.json')
  | keyof typeof import('./erasing.json')
  | keyof typeof import('./help.json')
  | keyof typeof import('./kept.json')
  | keyof typeof import('./numbers.json')
  | keyof typeof import('./sign-in.json')
  | keyof typeof import('./times.json')
  | keyof typeof import('./titles.json')
  | keyof typeof import('./who-waits.json')
  | KeysOf<(typeof later)[keyof typeof later]>;

/** What follows in those keys that begin so. */
export type NamedIn<Beginning extends string, All = Key> = All extends `${Beginning}.${infer Name}`
  ? Name
  : never;
