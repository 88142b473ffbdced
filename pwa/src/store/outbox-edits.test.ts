import { beforeEach, expect, test } from 'vitest';
import { begin, drain, here, keep, puts, rows, shown } from '../testing/pretend-outbox';

beforeEach(begin);

test('an edit after a lost answer still arrives: the replayed create does not swallow it', async () => {
  const kept = await keep('first wording');
  here.server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  here.server.faults = [];
  await here.phone.changes.change(kept.id, { text: 'second wording' });
  await drain();
  expect(here.server.stored.get(kept.id)).toMatchObject({ text: 'second wording', version: 2 });
  expect(await shown(kept.id)).toMatchObject({ text: 'second wording', state: 'safe' });
});

test('an edit after a lost answer to an edit is no conflict with oneself', async () => {
  const kept = await keep('first');
  await drain();
  await here.phone.changes.change(kept.id, { text: 'second' });
  here.server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  here.server.faults = [];
  await here.phone.changes.change(kept.id, { text: 'third' });
  await drain();
  expect(await shown(kept.id)).toMatchObject({ text: 'third', state: 'safe', version: 3 });
});

test('edits before sending merge into one create', async () => {
  const kept = await keep('first');
  await here.phone.changes.change(kept.id, { text: 'second' });
  await here.phone.changes.change(kept.id, { text: 'third', areas: ['team'] });
  await drain();
  expect(puts()).toEqual(['third']);
  expect(here.server.stored.get(kept.id)).toMatchObject({
    text: 'third',
    areas: ['team'],
    version: 1,
  });
});

test('an edit while the item is on its way is sent after it, under the version it came back with', async () => {
  const kept = await keep('first');
  let edited = false;
  here.server.faults = [
    async ({ method }) => {
      if (method === 'PUT' && !edited) {
        edited = true;
        await here.phone.changes.change(kept.id, { text: 'second' });
      }
      return null;
    },
  ];
  await drain();
  expect(
    here.server
      .writes()
      .map((seen) => [seen.body!.text, seen.headers['If-None-Match'] ?? seen.headers['If-Match']]),
  ).toEqual([
    ['first', '*'],
    ['second', '"1"'],
  ]);
  expect(await shown(kept.id)).toMatchObject({ text: 'second', state: 'safe', version: 2 });
});

test('deleting something that never left the phone sends nothing', async () => {
  const kept = await keep('never mind');
  await here.phone.changes.remove(kept.id);
  await drain();
  expect(here.server.writes()).toEqual([]);
  expect(await shown(kept.id)).toBeNull();
});

test('deleting something that may have arrived does tell the server', async () => {
  const kept = await keep('never mind');
  here.server.faults = [({ method }) => (method === 'PUT' ? 'lost answer' : null)];
  await drain();
  here.server.faults = [];
  await here.phone.changes.remove(kept.id);
  await drain();
  expect(here.server.stored.get(kept.id)!.deleted).toBe(true);
  expect(await here.phone.session.phone.db.getAll('reflections')).toEqual([]);
  expect(await rows()).toEqual([]);
});

test('deleting while the create is on its way deletes it there too', async () => {
  const kept = await keep('never mind');
  let once = false;
  here.server.faults = [
    async ({ method }) => {
      if (method === 'PUT' && !once) {
        once = true;
        await here.phone.changes.remove(kept.id);
      }
      return null;
    },
  ];
  await drain();
  expect(here.server.stored.get(kept.id)!.deleted).toBe(true);
  expect(await shown(kept.id)).toBeNull();
  expect(await rows()).toEqual([]);
});
