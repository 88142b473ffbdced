import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import subset from 'subset-font';

const find = createRequire(import.meta.url);
const WHOLE = '@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2';
/** Weights as the styles name them, lightest and boldest. */
const WEIGHTS = { min: 400, max: 650 };
/** Kerning, accents, digits of one width, and how a glyph changes with its weight. */
const FEATURES = ['kern', 'ccmp', 'locl', 'tnum', 'rvrn'];
/** Every letter of western Europe, so that names are whole; other letters come from the system's sans. */
const LETTERS = `${from(0x20, 0x7e)}${from(0xc0, 0xff)}\u00a0¡£§«°·»¿ıŒœ–—‘’‚“”„•…€−→`;

/** Makes the typeface without what no screen sets, three quarters of its size; where it stands. */
export async function typeface(): Promise<string> {
  const folder = join(dirname(find.resolve('subset-font/package.json')), '../.alongside');
  const file = join(folder, 'figtree.woff2');
  const made = await subset(readFileSync(find.resolve(WHOLE)), LETTERS, {
    targetFormat: 'woff2',
    keepFeatures: FEATURES,
    variationAxes: { wght: WEIGHTS },
    noHinting: true,
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, made);
  return file;
}

function from(first: number, last: number): string {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, at) => first + at));
}
