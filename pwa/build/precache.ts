import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import type { Shell } from '../src/worker/shell';
import { partOfFile } from './parts.ts';

/** Big or rarely wanted: the browser fetches these itself, when it installs the app. */
const LEFT_OUT = [
  /^\/icons\/.*\.png$/,
  /^\/screenshots\//,
  /^\/third-party-notices\.txt$/,
  /^\/sw(-off)?\.js$/,
  /\.(br|gz|map)$/,
];

/**
 * Builds the service worker after the app, with the list of the app's files and their hashes
 * written into it: `/sw.js`, a name that never changes, beside its kill switch `/sw-off.js`.
 */
export function precache(): Plugin {
  let outDir = 'dist';
  return {
    name: 'alongside-precache',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    generateBundle(_options, bundle) {
      checkParts(bundle);
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const shell = await shellOf(outDir);
        await bundle('src/worker/sw.ts', join(outDir, 'sw.js'), shell);
        await bundle('src/worker/off.ts', join(outDir, 'sw-off.js'), shell);
      },
    },
  };
}

/** The shell of a built folder. index.html is kept under `/`, the address that serves it. */
export async function shellOf(folder: string): Promise<Shell> {
  const files: Record<string, string> = {};
  for (const path of await pathsIn(folder)) {
    if (LEFT_OUT.some((pattern) => pattern.test(path))) continue;
    const hash = sha256(await readFile(join(folder, path)));
    files[path === '/index.html' ? '/' : path] = hash.slice(0, 16);
  }
  return { version: sha256(JSON.stringify(files)).slice(0, 12), files, later: laterOf(files) };
}

function laterOf(files: Shell['files']): Shell['later'] {
  const later: Shell['later'] = {};
  for (const path of Object.keys(files)) {
    const part = partOfFile(path);
    if (part) (later[part] ??= []).push(path);
  }
  return later;
}

/** @throws Error when a script begins with one that comes later, of another part: without signal it would not open */
export function checkParts(bundle: Rolldown.OutputBundle): void {
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk') continue;
    const own = partOfFile(`/${chunk.fileName}`);
    const foreign = chunk.imports.find((path) => ![null, own].includes(partOfFile(`/${path}`)));
    if (foreign)
      throw new Error(`${chunk.fileName} needs ${foreign}, which comes later: see build/parts.ts`);
  }
}

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .toSorted();
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** One self-contained classic script: not every browser starts a worker that imports. */
async function bundle(entry: string, to: string, shell: Shell): Promise<void> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    define: { BUILT_SHELL: JSON.stringify(shell) },
    build: {
      write: false,
      copyPublicDir: false,
      target: 'safari17.5',
      rolldownOptions: { input: entry, output: { format: 'iife' } },
    },
  });
  const output = (Array.isArray(result) ? result[0] : result) as { output: { code: string }[] };
  await mkdir(join(to, '..'), { recursive: true });
  await writeFile(to, output.output[0]!.code);
}
