import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const WORTH_IT = /\.(js|css|html|svg|txt|webmanifest)$/;
/** So that the kill switch is one copied file, with no compressed twin of the old worker beside it. */
const PLAIN = /^sw(-off)?\.js$/;
const LEAST = 512;

/** Writes a .br and a .gz beside every text file, once, at the highest setting, for the server to send. */
export function compress(): Plugin {
  let outDir = 'dist';
  return {
    name: 'alongside-compress',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
        const files = entries.filter(
          (entry) => entry.isFile() && WORTH_IT.test(entry.name) && !PLAIN.test(entry.name),
        );
        await Promise.all(files.map((entry) => twins(join(entry.parentPath, entry.name))));
      },
    },
  };
}

async function twins(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < LEAST) return;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(`${path}.br`, await brotli(content, { params: quality }));
  await writeFile(`${path}.gz`, await zip(content, { level: 9 }));
}
