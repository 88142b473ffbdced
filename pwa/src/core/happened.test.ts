import { beforeEach, expect, test } from 'vitest';
import { happened } from './happened.svelte';
import { router } from './router.svelte';

beforeEach(() => router.replace('/feedback/a'));

test('it goes with the screen on which it was said', () => {
  happened.say('You thanked Björn.', '/feedback/a');
  router.go('/feedback');
  happened.leave();
  expect(happened.words).toBe('');
  expect(happened.at).toBeNull();
});

test('what leads to another screen is said there, and goes with that', () => {
  happened.say('You withdrew it.', null, '/feedback');
  router.replace('/feedback');
  happened.leave();
  expect(happened.words).toBe('You withdrew it.');
  router.go('/feedback/b');
  happened.leave();
  expect(happened.words).toBe('');
});

test('whoever goes elsewhere instead does not hear it later', () => {
  happened.say('You withdrew it.', null, '/feedback');
  router.go('/mine');
  happened.leave();
  expect(happened.words).toBe('');
});
