/** What it takes to speak another language than English, which is here from the beginning. */
import { ENGLISH, speakNow } from './spoken.svelte';
import { LANGUAGES, type Language } from './languages';

let wanted = '';

/** The first language that this browser wishes for and we speak. */
export function wished(): string {
  const tags = navigator.languages.flatMap((tag) => [tag, tag.split('-')[0]!]);
  return tags.find((tag) => tag in LANGUAGES) ?? 'en';
}

/** Speaks another language as soon as its words are here; where they cannot be had, what was spoken goes on. */
export async function speak(code: string): Promise<void> {
  wanted = code;
  const language: Language = LANGUAGES[code] ?? ENGLISH;
  const words = await language.words?.().then(
    (loaded) => loaded.default,
    () => null,
  );
  if (words === null || wanted !== code) return;
  speakNow({ ...language, said: words ?? {} });
  document.documentElement.lang = language.locale;
  document.documentElement.dir = language.isRightToLeft ? 'rtl' : 'ltr';
}
