/** What stays on the phone of somebody who left with something unsent. */
import { expect, test, vi } from 'vitest';
import type { Me } from '../api/shapes';
import { aPhoneThatAsks, phone } from '../testing/asking-together';
import { id, proposalOfMine } from '../testing/copies-of-others';
import { ME, OTHER } from '../testing/pretend-server';

aPhoneThatAsks();

/** Somebody else signs in. */
const comes = async () => (await import('./arriving')).arrive({ ...OTHER } as Me);

const beginsAReflection = async () => {
  new phone.drafts.Draft('reflection/new').save({ text: 'half a th' });
  await phone.drafts.flushDrafts();
};

test('half a thought stays, however often somebody else signs in', async () => {
  await beginsAReflection();
  await comes();
  await comes();
  expect(await phone.deviceLeaving.peopleHere()).toContain(ME.id);
  const left = await phone.database.openPhone(ME.id);
  expect(await left.db.count('drafts')).toBe(1);
});

test('others’ words in items go where no answer is kept, too', async () => {
  const { session, items } = phone;
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
  await items.writeItem(session.phone, 'proposals', id(30), proposalOfMine(id(30)));
  await items.changeItem(session.phone, 'proposals', id(30), (item) => ({ item, row: null }));
  await session.phone.db.clear('resources');
  await session.phone.db.put('meta', { key: 'x', value: 1 });
  await beginsAReflection();
  await comes();
  const left = await phone.database.openPhone(ME.id);
  expect(await left.db.count('proposals')).toBe(0);
  expect(await left.db.count('drafts')).toBe(1);
});
