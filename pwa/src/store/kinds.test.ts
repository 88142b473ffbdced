import { afterEach, expect, test } from 'vitest';
import type { ResponseIn, ResponseOut } from '../api/shapes';
import { KNOWN } from '../kinds';
import {
  bodyOf,
  essenceOf,
  kindOf,
  plain,
  set,
  words,
  type Content,
  type Known,
  type Lost,
} from './kinds';
import { source } from './kinds-source';

afterEach(() => {
  delete source.load;
});

test('nothing is known of kinds before somebody says which there are', async () => {
  await expect(kindOf('reflections')).rejects.toThrow('src/kinds.ts was not named');
});

test('a kind that there is none of is said', async () => {
  source.load = async () => ({ KNOWN });
  await expect(kindOf('dreams' as never)).rejects.toThrow('called dreams');
  expect(await kindOf('responses')).toBe(KNOWN.kinds.responses);
});

test('what is left out does not compile', () => {
  const { reflections: _one, ...kinds } = KNOWN.kinds;
  // @ts-expect-error -- a kind that the phone keeps
  const all: Known['kinds'] = kinds;
  // @ts-expect-error -- a field that the server takes
  const some: Content<ResponseOut, ResponseIn> = { reflection_id: plain, kind: plain };
  // @ts-expect-error -- a field that the server does not know
  const more: Content<ResponseOut, ResponseIn> = { ...some, tone: plain };
  // @ts-expect-error -- a field that cannot travel as it is kept
  const other: Content<{ text: number }, { text: string }> = { text: plain };
  // @ts-expect-error -- a name that the catalogue does not know
  const unsent: Lost = 'dreams';
  expect([all, some, more, other, unsent]).toHaveLength(5);
});

const kind = {
  ...KNOWN.kinds.responses,
  content: {
    text: words,
    areas: set,
    asked: {
      sent: ({ people }: { people: { id: string }[] }) => people.map(({ id }) => id),
      same: set,
    },
    at: { sent: ({ at }: { at: string }) => at, same: null },
  },
};
const value = {
  text: ' Why? ',
  areas: ['team', 'self'],
  people: [{ id: 'b' }, { id: 'a' }],
  at: '9',
};

test('what is sent is as it was written, without what only the phone knows', () => {
  const body = { text: ' Why? ', areas: ['team', 'self'], asked: ['b', 'a'], at: '9' };
  expect(bodyOf(kind, { ...value, mine: true })).toEqual(body);
});

test('what is compared is without what makes no difference', () => {
  expect(essenceOf(kind, value)).toEqual(['Why?', ['self', 'team'], ['a', 'b']]);
  expect(essenceOf(kind, { ...value, at: '10', areas: ['self', 'team'] })).toEqual(
    essenceOf(kind, value),
  );
});

test('what was kept before there was a field has nothing in it', () => {
  const { text: _text, areas: _areas, ...older } = value;
  expect(bodyOf(kind, older)).toEqual({ asked: ['b', 'a'], at: '9' });
  expect(essenceOf(kind, older)).toEqual([['a', 'b']]);
});

test('of what sends something else each time all is sent and compared', () => {
  const { profile } = KNOWN.kinds;
  const change = { matters: 'rest' };
  expect(bodyOf(profile, { me: {}, change })).toBe(change);
  expect(essenceOf(profile, { me: {}, change })).toBe(change);
});
