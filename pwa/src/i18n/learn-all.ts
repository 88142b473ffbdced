// For tests: every sentence is there, whichever screen it comes with.
import { readdirSync, readFileSync } from 'node:fs';
import { know } from '.';

const EN = 'src/i18n/en';

// Read, and not imported: each test file begins with it, and to import them all took it longer than most tests take.
for (const name of readdirSync(EN).filter((one) => one.endsWith('.json')))
  know(JSON.parse(readFileSync(`${EN}/${name}`, 'utf8')));
