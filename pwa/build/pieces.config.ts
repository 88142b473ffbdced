/** Builds the page of all pieces by itself, for its pictures (tests/journeys/test_pieces.py). */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { icons } from './icons.ts';
import { typefaces } from './typeface.ts';

export default defineConfig({
  plugins: [svelte(), icons()],
  resolve: { alias: await typefaces() },
  build: { copyPublicDir: false, rolldownOptions: { input: 'pieces.html' } },
});
