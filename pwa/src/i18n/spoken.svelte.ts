import type { Spoken } from './languages';

export const ENGLISH = { name: 'English', locale: 'en-GB' };

/** What is spoken now. Whatever a screen says by it is said anew when it changes; nothing on it is lost. */
let now = $state.raw<Spoken>(ENGLISH);

export const spoken = (): Spoken => now;

export function speakNow(language: Spoken): void {
  now = language;
}
