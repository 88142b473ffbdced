/**
 * Two texts that differ in one field are two texts, whichever field it is: the author is asked. The fields are those
 * that each kind names; a kind that is new needs a line here of how the server tells of one.
 */
import { beforeAll, expect, test, vi } from 'vitest';
import { KNOWN } from '../kinds';
import { json, ME, OTHER, PretendServer, refusal } from '../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../testing/pretend-tab';
import { CLEO, someProposal } from '../testing/some-proposal';
import { someReflection } from '../testing/some-reflection';
import type { ItemKind } from './database';
import type { AnyKind } from './kinds';

type Row = Record<string, unknown>;

const between = { giver: ME, receiver: OTHER, cohort_id: 'rowan', about: 'Tuesday' };
const said = { noticed: 'You waited.', landed: 'I could think.', wonder: 'What if?' };

/** One of each kind that can be changed in two places, as the server tells of it. */
const ONE: Partial<Record<ItemKind, Row>> = {
  reflections: { ...someReflection() },
  responses: { by: ME, reflection_id: 'r', kind: 'curious', text: 'What then?' },
  rhythm: {
    windows: [{ weekday: 1, starts: '09:00', ends: '10:00' }],
    kinds: { shared: ['push'] },
    prompts_a_week: 2,
    snoozed_until: null,
    lock_screen: 'generic',
    stretch_me: false,
  },
  prompts: { text: 'Who was not here?', areas: ['team'], depth: 'gentle', cohort_id: null },
  reminders: {
    cohort_id: 'rowan',
    about: 'contract',
    weekdays: [1, 3],
    at: '09:00',
    every_weeks: 1,
    starts_on: '2026-11-30',
    ends_on: null,
  },
  feedback_requests: {
    asker: ME,
    cohort_id: 'rowan',
    question: 'What did I do?',
    context: 'On Tuesday',
    reflection_id: null,
    by_when: 'no_rush',
    feedback: [{ giver: OTHER }],
  },
  feedback_answers: { ...between, ...said },
  feedback_offers: between,
  proposals: { ...someProposal({ kind: 'decide', wanted_answers: 3, mine: true }) },
  remarks: { by: ME, mine: true, proposal_id: 'p', kind: 'question', text: 'Always?' },
  reviews: { by: ME, cohort_id: 'rowan', text: 'It is long ago.' },
};

/** The other text, where the server tells of a field in other words than it is sent in. */
const OTHER_TEXT: Partial<Record<ItemKind, Record<string, Row>>> = {
  reflections: { shared_with: { shared_with: [CLEO] } },
  feedback_requests: { asked: { feedback: [{ giver: CLEO }] } },
  feedback_offers: { to: { receiver: CLEO } },
};

function another(value: unknown): unknown {
  if (Array.isArray(value)) return [...value, 'another'];
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'object' && value ? { ...value, another: true } : `${value} another`;
}

function differing(kind: ItemKind, field: string): Row {
  const special = OTHER_TEXT[kind]?.[field];
  if (special) return special;
  if (!(field in ONE[kind]!)) throw new Error(`nothing is known here of ${kind}: ${field}`);
  return { [field]: another(ONE[kind]![field]) };
}

const canConflict = ({ method, isUnconditional }: AnyKind) => method === 'PUT' && !isUnconditional;
const kinds = Object.entries(KNOWN.kinds as Record<string, AnyKind>) as [ItemKind, AnyKind][];
const FIELDS = kinds
  .filter(([, kind]) => canConflict(kind))
  .flatMap(([kind, { content }]) =>
    Object.entries(content).map(([field, how]) => ({
      kind,
      field,
      isCompared: typeof how === 'function' || (how as { same: unknown }).same !== null,
    })),
  );

let server: PretendServer;
let phone: Tab;
let made = 0;

beforeAll(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

/** Mine, changed on this phone, meets what another device has made of it since. */
async function stateOf(kind: ItemKind, theirs: Row): Promise<string> {
  const record = KNOWN.kinds[kind] as AnyKind;
  const id = `one-${(made += 1)}`;
  const one = { ...ONE[kind], id };
  server.faults = [
    ({ method, headers }) => {
      if (method !== 'PUT') return null;
      const current = { ...one, ...theirs, version: 2 };
      return headers['If-Match'] === '"2"'
        ? json(200, { ...one, version: 3 })
        : refusal(412, 'changed_elsewhere', { current });
    },
  ];
  const { items, session, outbox } = phone;
  await items.writeItem(session.phone, kind, id, record.kept(one), 1);
  await outbox.drain(true);
  return items.standingOf(await items.readItem(session.phone, kind, id)).sending;
}

test('every kind of which there can be two texts is here', () => {
  const all = kinds.filter(([, kind]) => canConflict(kind)).map(([kind]) => kind);
  expect(Object.keys(ONE).toSorted()).toEqual(all.toSorted());
});

test('what makes no difference is only what its author cannot change, or does not write', () => {
  const rest = FIELDS.filter(({ isCompared }) => !isCompared);
  expect(rest.map(({ kind, field }) => `${kind}: ${field}`)).toEqual([
    'reflections: written_at',
    'feedback_requests: cohort_id',
    'feedback_offers: cohort_id',
    'proposals: cohort_id',
    'proposals: commitment_id',
    'proposals: closes_at',
  ]);
});

test.each(FIELDS.filter(({ isCompared }) => isCompared))(
  '$kind that differ in $field alone are two texts',
  async ({ kind, field }) => {
    expect(await stateOf(kind, differing(kind, field))).toBe('conflict');
  },
);

test.each(Object.keys(ONE) as ItemKind[])('%s that say the same are one text', async (kind) => {
  expect(await stateOf(kind, {})).toBe('safe');
});

test('a field that was not compared would be found', async () => {
  const { KNOWN: inUse } = await import('../kinds');
  const { content } = inUse.kinds.reflections as AnyKind;
  const { stretch } = content as Row;
  Object.assign(content, { stretch: { sent: ({ stretch: now }: Row) => now, same: null } });
  expect(await stateOf('reflections', differing('reflections', 'stretch'))).toBe('safe');
  Object.assign(content, { stretch });
});
