// @vitest-environment node
import { afterEach, expect, test, vi } from 'vitest';
import { ask, millisecondsToWait } from './client';

afterEach(() => vi.unstubAllGlobals());

const answer = (response: Response | Error) =>
  vi.stubGlobal('fetch', async () => {
    if (response instanceof Error) throw response;
    return response;
  });
const html = (status: number, headers = {}) =>
  new Response('<html>', { status, headers: { 'Content-Type': 'text/html', ...headers } });

test('Retry-After in seconds, as a date, in the past, and as nonsense', () => {
  const now = Date.parse('2026-11-22T09:00:00Z');
  expect(millisecondsToWait('120', now)).toBe(120_000);
  expect(millisecondsToWait('Sun, 22 Nov 2026 09:02:00 GMT', now)).toBe(120_000);
  expect(millisecondsToWait('Sun, 22 Nov 2026 08:00:00 GMT', now)).toBe(0);
  expect(millisecondsToWait('soon', now)).toBeNull();
  expect(millisecondsToWait(null, now)).toBeNull();
});

test.each([200, 401, 403, 404, 500])('HTML with %i is not the server speaking', async (status) => {
  answer(html(status));
  expect(await ask('GET', '/api/me')).toEqual({ kind: 'unreachable' });
});

test('a proxy that asks for patience in HTML is heeded', async () => {
  answer(html(503, { 'Retry-After': '7' }));
  expect(await ask('GET', '/api/me')).toMatchObject({
    kind: 'refused',
    status: 503,
    retryAfter: 7000,
  });
});

test('a cut connection and a cut answer are no answer', async () => {
  answer(new TypeError('Failed to fetch'));
  expect(await ask('GET', '/api/me')).toEqual({ kind: 'unreachable' });
  answer(new Response('{"id": "0192', { headers: { 'Content-Type': 'application/json' } }));
  expect(await ask('GET', '/api/me')).toEqual({ kind: 'unreachable' });
});
