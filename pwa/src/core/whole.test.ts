import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEEP } from './worker-messages';
import { isFree, keepTheRest, namesOf, type Line } from './whole';

let asked: unknown[];
let stop = () => {};
let loaded: string[];

const worker = { postMessage: (message: unknown) => void asked.push(message) };
const registration = { active: worker, waiting: null, installing: null } as never;
const lineOf = (facts: object) => Object.assign(new EventTarget(), facts) as Line;
async function begin(line?: Line) {
  stop = await keepTheRest({ ready: Promise.resolve(registration), line, loaded: () => loaded });
}

beforeEach(() => {
  asked = [];
  loaded = [];
});

afterEach(() => stop());

describe('a line', () => {
  it.each([
    ['of which nothing is known', undefined, true],
    ['over wifi', { type: 'wifi', saveData: false }, true],
    ['of a phone company', { type: 'cellular', saveData: false }, false],
    ['on which somebody saves data', { type: 'wifi', saveData: true }, false],
  ])('%s', (_what, facts, free) => {
    expect(isFree(facts && lineOf(facts))).toBe(free);
  });
});

it('asks for everything at once where it costs nothing', async () => {
  await begin(lineOf({ type: 'wifi' }));
  expect(asked).toEqual([{ [KEEP]: 'all' }]);
});

it('asks for the language that is spoken here, too, which is not of everything', async () => {
  loaded = ['/assets/language-cy-C5QPEioR.js', '/assets/feedback-C5QPEioR.js'];
  await begin(lineOf({ type: 'wifi' }));
  expect(asked).toEqual([{ [KEEP]: 'all' }, { [KEEP]: ['language-cy'] }]);
});

it('asks for what was opened where it costs, and for the rest as soon as it does not', async () => {
  const line = lineOf({ type: 'cellular' });
  loaded = ['https://alongside.example/assets/feedback-C5QPEioR.js'];
  await begin(line);
  expect(asked).toEqual([{ [KEEP]: ['feedback'] }]);
  Object.assign(line, { type: 'wifi' });
  line.dispatchEvent(new Event('change'));
  expect(asked[1]).toEqual({ [KEEP]: 'all' });
});

it('asks again when signal is back', async () => {
  await begin();
  dispatchEvent(new Event('online'));
  expect(asked).toEqual([{ [KEEP]: 'all' }, { [KEEP]: 'all' }]);
});

it('tells files by the names they had before their hash', () => {
  const urls = ['/assets/rolldown-runtime-DK3Fl9T5.js', '/assets/web-DOWh-A8B.css', '/api/me', '/'];
  expect(namesOf(urls)).toEqual(['rolldown-runtime', 'web']);
});
