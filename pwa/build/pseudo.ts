/**
 * Languages that nobody speaks, made of English for tests: a sentence that is still plain on the screen stands in no
 * catalogue, and what is cut off or goes sideways has no room for longer words. One reads from right to left.
 * They are in a build only where `ALONGSIDE_PSEUDO` is set (tests/journeys/test_languages.py).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { Catalogue, Message } from '../src/i18n/languages.ts';

const ENGLISH = join(import.meta.dirname, '../src/i18n/en');
/** Named like a real one, so that it is a file of its own as they are. */
const WORDS = 'virtual:/i18n/pseudo/words.ts';
/** Where they are told to the app: behind the table of languages. */
const TABLE = /\/i18n\/languages\.ts$/;

const SPOKEN = `
Object.assign(LANGUAGES, {
  zxx: { name: '[Pseudo]', locale: 'en-XA', words: () => import('${WORDS}') },
  'ar-XB': { name: '[oduesP]', locale: 'ar-XB', isRightToLeft: true, words: () => import('${WORDS}') },
});
`;

export function pseudo(isWanted: boolean): Plugin {
  return {
    name: 'alongside-pseudo',
    resolveId: (id) => (isWanted && id === WORDS ? `\0${WORDS}` : undefined),
    load: (id) => (id === `\0${WORDS}` ? `export default ${JSON.stringify(words())}` : undefined),
    transform: (code, id) => (isWanted && TABLE.test(id) ? code + SPOKEN : undefined),
  };
}

function words(): Catalogue {
  const files = readdirSync(ENGLISH).filter((name) => name.endsWith('.json'));
  const messages = files.flatMap((name) =>
    Object.entries(JSON.parse(readFileSync(join(ENGLISH, name), 'utf8')) as Catalogue),
  );
  return Object.fromEntries(messages.map(([key, message]) => [key, disguised(message)]));
}

/** A message with accents, in brackets, longer by two fifths; what is filled in stays as it is. */
export function disguised(message: Message): Message {
  if (typeof message === 'string') return longer(message);
  return Object.fromEntries(
    Object.entries(message).map(([form, sentence]) => [form, longer(sentence)]),
  );
}

const PLAIN = 'aeiouyAEIOUYcnsz';
const ACCENTED = 'àéîöûýÀÉÎÖÛÝçñšž';

function longer(sentence: string): string {
  const parts = sentence.split(/(\{\w+\})/);
  const accented = parts.map((part) =>
    part.startsWith('{')
      ? part
      : part.replace(/[a-z]/gi, (letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter),
  );
  // Words, and not one long one: that would only ask whether a word that no language has is broken.
  const more = 'one two three four five six seven eight nine ten '.repeat(20);
  return `[${accented.join('')} ${more.slice(0, Math.round(sentence.length * 0.4)).trim()}]`;
}
