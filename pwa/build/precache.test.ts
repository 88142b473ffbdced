// @vitest-environment node
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Rolldown } from 'vite';
import { checkParts, shellOf } from './precache.ts';

let folder: string;

async function put(path: string, content: string) {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alongside-'));
  await put('index.html', '<!doctype html>');
  await put('assets/app-1.js', 'app');
});

afterEach(() => rm(folder, { recursive: true }));

it('lists what the app is made of, the page under the address that serves it', async () => {
  await put('manifest.webmanifest', '{}');
  const { files } = await shellOf(folder);
  expect(Object.keys(files).toSorted()).toEqual(['/', '/assets/app-1.js', '/manifest.webmanifest']);
  expect(files['/assets/app-1.js']).toMatch(/^[0-9a-f]{16}$/);
});

it('leaves out the worker, big pictures and compressed twins', async () => {
  const paths = [
    'sw.js',
    'sw-off.js',
    'icons/icon-512.png',
    'screenshots/wide.png',
    'index.html.br',
    'third-party-notices.txt',
  ];
  const before = await shellOf(folder);
  await Promise.all(paths.map((path) => put(path, 'x')));
  expect(await shellOf(folder)).toEqual(before);
});

it('is another version as soon as one byte is another', async () => {
  const before = await shellOf(folder);
  await put('assets/app-1.js', 'App');
  expect((await shellOf(folder)).version).not.toBe(before.version);
});

it('tells the core from what comes later, by the names of the files', async () => {
  await put('assets/today-DaLjxXWI.js', 'today');
  await put('assets/gathering-C5QPE-oR.js', 'screens');
  await put('assets/gathering-BW0DKypk.css', 'looks');
  const { files, later } = await shellOf(folder);
  expect(Object.keys(files)).toContain('/assets/gathering-BW0DKypk.css');
  expect(later).toEqual({
    gathering: ['/assets/gathering-BW0DKypk.css', '/assets/gathering-C5QPE-oR.js'],
  });
});

it('stops a build in which a screen begins with a part that may not be there', () => {
  const chunk = (name: string, ...imports: string[]) => ({
    type: 'chunk',
    fileName: `assets/${name}-DaLjxXWI.js`,
    imports: imports.map((one) => `assets/${one}-DaLjxXWI.js`),
  });
  const bundle = (...chunks: object[]) => chunks as unknown as Rolldown.OutputBundle;
  checkParts(bundle(chunk('contract', 'cohort', 'shared'), chunk('cohort', 'index')));
  expect(() => checkParts(bundle(chunk('cohort', 'contract')))).toThrow('comes later');
  expect(() => checkParts(bundle(chunk('feedback', 'contract')))).toThrow('comes later');
});
