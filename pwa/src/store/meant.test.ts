import { beforeEach, expect, test, vi } from 'vitest';
import { begin, drain, here, keep, puts, rows, shown } from '../testing/pretend-outbox';
import { refusal } from '../testing/pretend-server';

beforeEach(begin);

/** As the server reads a body: half a character or a NUL in it, and it is refused as it stands. */
function refusesWhatItCannotRead(): void {
  here.server.faults = [
    ({ body }) => {
      const text = JSON.stringify(body);
      return /\\u(d[89a-f]|0000)/.test(text) ? refusal(400, 'bad_json') : null;
    },
  ];
}

const UNMEANT = [
  ['half of a pair', 'I heard \ud83d more', 'I heard  more'],
  ['the other half', 'I heard\udc4d', 'I heard'],
  ['two halves the wrong way round', '\udc4d\ud83dyes', 'yes'],
  ['NUL', 'I\0 heard', 'I heard'],
  ['controls', '\u0001\u0007\b\v\f\u001b[31mred\u007f\u0085\u009b', '[31mred'],
] as const;

test.each(UNMEANT)(
  '%s is no word: what is kept and sent is without it',
  async (_, typed, words) => {
    refusesWhatItCannotRead();
    const { id } = await keep(typed);
    expect((await shown(id))!.text).toBe(words);
    await drain();
    expect(puts()).toEqual([words]);
    expect(await rows()).toEqual([]);
  },
);

test.each([
  'one\ntwo\r\n\tthree',
  '👍🏽 👨‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'e\u0301 \u202eback\u202c \u2028 \ufffe \ue000 \u200b\u00ad',
])('%j is kept as it was written', async (words) => {
  const { id } = await keep(words);
  expect((await shown(id))!.text).toBe(words);
});

test.each(UNMEANT)('%s goes from a change and from deep inside', async (_, typed, words) => {
  const { items, session } = here.phone;
  await items.writeItem(session.phone, 'reviews', 'one', { in: [{ text: typed }], at: 7 });
  const kept = await items.readItem(session.phone, 'reviews', 'one');
  expect(kept!.value).toEqual({ in: [{ text: words }], at: 7 });
});

test.each(UNMEANT)('%s goes from what is sent at once, too', async (_, typed, words) => {
  vi.resetModules();
  const { change } = await import('../features/convening/convening');
  await change('c', { purpose: typed });
  const sent = here.server.seen.find(({ path }) => path === '/api/cohorts/c');
  expect(sent!.body).toEqual({ purpose: words });
});

test('words that an earlier version of the app kept with them are sent, and no conflict comes of it', async () => {
  const { items, choices, session } = here.phone;
  const { seal } = await import('./seal');
  const { id } = await keep('I\0 heard');
  const [kept] = await items.readItems<object>(session.phone, 'reflections', [id]);
  const sealed = await seal(session.phone.key, { ...kept!.value, text: 'I\0 heard' });
  await items.changeItem(session.phone, 'reflections', id, (item, row) => ({
    item: { ...item!, sealed },
    row,
  }));
  here.server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  here.server.faults = [];
  await choices.tryAgain(session.phone, 'reflections', id);
  await drain();
  expect(await shown(id)).toMatchObject({ text: 'I heard', state: 'safe' });
  expect(await rows()).toEqual([]);
});
