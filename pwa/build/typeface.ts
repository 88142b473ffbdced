import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import subset from 'subset-font';

const find = createRequire(import.meta.url);

interface Typeface {
  /** Named so in tokens.css. */
  as: string;
  whole: string;
  /** Weights as the styles name them, lightest and boldest. */
  weights: { min: number; max: number };
  features: string[];
}

/** What every typeface keeps: kerning, accents, and how a glyph changes with its weight. */
const FEATURES = ['kern', 'ccmp', 'locl', 'rvrn'];
const TYPEFACES: Record<string, Typeface> = {
  figtree: {
    as: 'sans.woff2',
    whole: '@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2',
    weights: { min: 400, max: 650 },
    features: [...FEATURES, 'tnum'], // digits of one width: for codes
  },
  literata: {
    as: 'serif.woff2',
    whole: '@fontsource-variable/literata/files/literata-latin-wght-normal.woff2',
    weights: { min: 400, max: 500 },
    features: FEATURES,
  },
};
/** Every letter of western Europe, so that names are whole; other letters come from the system's own faces. */
const LETTERS = `${from(0x20, 0x7e)}${from(0xc0, 0xff)}\u00a0¡£§«°·»¿ıŒœ–—‘’‚“”„•…€−→`;

/** Makes the typefaces without what no screen sets; what they are called in the styles → where they stand. */
export async function typefaces(): Promise<Record<string, string>> {
  const folder = join(dirname(find.resolve('subset-font/package.json')), '../.alongside');
  mkdirSync(folder, { recursive: true });
  const made = Object.entries(TYPEFACES).map(async ([name, { as, whole, weights, features }]) => {
    const file = join(folder, `${name}.woff2`);
    const cut = await subset(readFileSync(find.resolve(whole)), LETTERS, {
      targetFormat: 'woff2',
      keepFeatures: features,
      variationAxes: { wght: weights },
      noHinting: true,
    });
    writeFileSync(file, cut);
    return [as, file] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}

function from(first: number, last: number): string {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, at) => first + at));
}
