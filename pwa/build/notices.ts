import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** Whose work travels with the app, and under what licence: served at this address. */
export const NOTICES = 'third-party-notices.txt';

/** Shipped as pictures, letters or data, which no script imports. */
const NO_SCRIPT = [
  '@fontsource-variable/figtree',
  '@fontsource-variable/literata',
  'lucide-static',
];
/** What the build itself writes into the scripts: fetching a screen with its styles, and telling modules apart. */
const WRITTEN_IN = ['vite', 'rolldown'];

/** Stops a build that would ship a package whose licence stands nowhere. */
export function notices(): Plugin {
  let text = '';
  return {
    name: 'alongside-notices',
    apply: 'build',
    configResolved(config) {
      text = readFileSync(join(config.publicDir, NOTICES), 'utf8');
    },
    generateBundle(_options, bundle) {
      const missing = unnamed([...packagesIn(bundle), ...NO_SCRIPT, ...WRITTEN_IN], text);
      if (missing.length)
        throw new Error(`public/${NOTICES} lacks the licence of ${missing.join(', ')}`);
    },
  };
}

/** The packages that something in the scripts comes from. */
export function packagesIn(bundle: Rolldown.OutputBundle): string[] {
  const modules = Object.values(bundle).flatMap((one) =>
    one.type === 'chunk' ? Object.entries(one.modules) : [],
  );
  const shipped = modules.filter(([, module]) => module.renderedLength > 0);
  return [...new Set(shipped.flatMap(([id]) => packageOf(id) ?? []))].toSorted();
}

function packageOf(id: string): string | undefined {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

/** Those of them that no heading of the notices names. */
export function unnamed(packages: string[], text: string): string[] {
  const named = new Set([...text.matchAll(/^== (\S+)/gm)].map(([, name]) => name));
  return packages.filter((name) => !named.has(name));
}
