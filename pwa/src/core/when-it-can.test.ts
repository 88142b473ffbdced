import { expect, test, vi } from 'vitest';
import { whenItCan } from './idle';

test('what could not be fetched is asked for again when signal is back', async () => {
  const load = vi.fn(async () => 'here').mockRejectedValueOnce(new TypeError('no signal'));
  const fetched = whenItCan(load);
  await Promise.resolve();
  dispatchEvent(new Event('online'));
  expect(await fetched).toBe('here');
  expect(load).toHaveBeenCalledTimes(2);
});

test('also where nobody tells of signal, and not for ever', async () => {
  vi.useFakeTimers();
  const load = vi.fn(async () => Promise.reject(new TypeError('no server')));
  const fetched = expect(whenItCan(load)).rejects.toThrow('no server');
  await vi.runAllTimersAsync();
  await fetched;
  expect(load.mock.calls.length).toBeGreaterThan(5);
  vi.useRealTimers();
});
