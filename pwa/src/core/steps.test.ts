// @vitest-environment node
import { expect, test, vi } from 'vitest';
import { inTurns, now, type Steps } from './steps';

function* counting(to: number, done: number[] = []): Steps<string> {
  for (let at = 0; at < to; at += 1) {
    done.push(at);
    yield;
  }
  return 'done';
}

test('all at once', () => expect(now(counting(3))).toBe('done'));

test('in turns, as long as it is wanted, and never in the turn of whoever asks', async () => {
  const clock = vi.spyOn(performance, 'now');
  let time = 0;
  clock.mockImplementation(() => (time += 5));
  const done: number[] = [];
  const turns: number[] = [];
  const result = inTurns(counting(9, done), () => {
    turns.push(done.length);
    return true;
  });
  expect(done).toEqual([]);
  expect(await result).toBe('done');
  expect(turns).toEqual([0, 3, 6, 9]);
  clock.mockRestore();
});

test('what nobody wants any more is left', async () => {
  const done: number[] = [];
  expect(await inTurns(counting(9, done), () => false)).toBeNull();
  expect(done).toEqual([]);
});
