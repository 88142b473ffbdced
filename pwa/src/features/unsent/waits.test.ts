import { beforeEach, expect, test } from 'vitest';
import { learn } from '../../i18n';
import { connection } from '../../store/connection.svelte';
import type { OutboxRow } from '../../store/database';
import { session } from '../../store/session.svelte';
import { waits } from './waits';

const NOW = 'Kept on this phone, on its way.';
const LATER = 'Kept on this phone, sent when there is signal.';
const said = () => waits('unsent.state.waiting');

beforeEach(async () => {
  await learn(['unsent', 'feedback', 'feedback_lines']);
  Object.assign(connection, { isOnline: true, isReached: true, unsent: [] });
  session.isEnded = false;
});

test('while there is signal it is on its way, also before anybody has answered', () => {
  expect(said()).toBe(NOW);
  connection.isReached = null;
  expect(said()).toBe(NOW);
  expect(waits('feedback.state.on-its-way', { name: 'Cleo' })).toBe('On its way to Cleo.');
});

test.each([
  ['the browser knows of no network', () => (connection.isOnline = false)],
  ['nobody answered', () => (connection.isReached = false)],
  ['it waits for the next hour', () => (connection.unsent = [resting()])],
  ['it waits for a sign-in', () => (session.isEnded = true)],
])('it is not said to be on its way where %s', (_why, holdsUp) => {
  holdsUp();
  expect(said()).toBe(LATER);
});

const resting = () =>
  ({ state: 'waiting', rests: true, not_before: Date.now() + 60_000 }) as OutboxRow;
