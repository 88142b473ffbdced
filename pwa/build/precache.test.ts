// @vitest-environment node
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shellOf } from './precache.ts';

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
