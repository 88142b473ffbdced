/** What was on its way while the app was updated is known again afterwards, by marks that the version before has made. */
import { beforeEach, expect, test, vi } from 'vitest';
import { KNOWN } from '../kinds';
import { json, ME, OTHER, PretendServer, refusal } from '../testing/pretend-server';
import { newPhone, signedInTab, type Tab } from '../testing/pretend-tab';
import { someProposal } from '../testing/some-proposal';
import type { ItemKind } from './database';
import { essenceOf, words, type AnyKind } from './kinds';

const between = { giver: ME, receiver: OTHER, cohort_id: 'rowan', about: ' Tuesday ' };
const RHYTHM = {
  windows: [],
  kinds: { shared: ['push'] },
  prompts_a_week: 2,
  snoozed_until: null,
  lock_screen: 'generic',
  stretch_me: false,
  time_zone: 'Europe/London',
  language: 'en',
  version: 3,
};
const REMINDER = {
  ends_on: null,
  about: 'contract',
  weekdays: [3, 1],
  at: '09:00',
  every_weeks: 1,
  starts_on: '2026-11-30',
  cohort_id: 'rowan',
};

/** One of each, and its mark before it is made a number: for good. */
const MARKS: Record<ItemKind, [value: object, mark: string]> = {
  reflections: [
    {
      author: ME,
      cohort_id: 'rowan',
      text: ' I waited.',
      areas: ['team', 'self'],
      noticing: 'shifted',
      stretch: null,
      prompt_id: null,
      audience: 'people',
      shared_with: [OTHER, ME],
      written_at: 'x',
    },
    '["rowan","I waited.",["self","team"],"shifted",null,null,"people",["0192aaaa-0000-7000-8000-000000000001","0192bbbb-0000-7000-8000-000000000002"]]',
  ],
  responses: [
    { by: ME, reflection_id: 'r', kind: 'curious', text: 'What then? ' },
    '["r","curious","What then?"]',
  ],
  profile: [{ me: ME, change: { matters: 'x' } }, '{"matters":"x"}'],
  rhythm: [
    RHYTHM,
    '{"windows":[],"kinds":{"shared":["push"]},"prompts_a_week":2,"snoozed_until":null,"lock_screen":"generic","stretch_me":false}',
  ],
  days: [{ choice: 'chosen', prompt: { id: 'p' }, date: 'd' }, '["chosen","p"]'],
  prompts: [
    { text: 'Who? ', areas: ['team', 'self'], depth: 'gentle', cohort_id: null },
    '["Who?",["self","team"],"gentle",null]',
  ],
  reminders: [
    REMINDER,
    '{"cohort_id":"rowan","about":"contract","weekdays":[1,3],"at":"09:00","every_weeks":1,"starts_on":"2026-11-30","ends_on":null}',
  ],
  reads: [{ id: 'x', ids: ['a'] }, '[["a"]]'],
  feedback_requests: [
    {
      asker: ME,
      cohort_id: 'rowan',
      question: 'What? ',
      context: ' On',
      reflection_id: null,
      by_when: 'no_rush',
      asked: [OTHER, ME],
    },
    '["What?","On",null,"no_rush",["0192aaaa-0000-7000-8000-000000000001","0192bbbb-0000-7000-8000-000000000002"]]',
  ],
  feedback_answers: [
    { noticed: 'You waited. ', landed: 'I could think.', wonder: '', to: ME },
    '["You waited.","I could think.",""]',
  ],
  feedback_offers: [between, '["0192bbbb-0000-7000-8000-000000000002","Tuesday"]'],
  feedback_acts: [{ body: { a: 1 } }, '{"a":1}'],
  proposals: [
    someProposal({ kind: 'decide', wanted_answers: 3, ends_on: '2027-09-30', mine: true }),
    '["decide","We listen to the end.","We interrupt each other.",3,null,"2027-09-30"]',
  ],
  positions: [
    { position: 'consent', text: 'x ', safe_if: '', text_version: 1 },
    '["consent","x","",1]',
  ],
  remarks: [
    { by: ME, mine: true, proposal_id: 'p', kind: 'question', text: 'Always? ' },
    '["p","question","Always?"]',
  ],
  reviews: [
    { by: ME, cohort_id: 'rowan', text: 'It is long ago. ' },
    '["rowan","It is long ago."]',
  ],
  check_in_answers: [
    { word: 'living', note: 'x ', signed: true, wants_to_talk: false },
    '["living","x",true,false]',
  ],
};

async function numbered(mark: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(mark));
  return Buffer.from(bytes).toString('hex');
}

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
  vi.spyOn(phone.connection, 'hasNew').mockImplementation(() => {});
});

test.each(Object.keys(MARKS) as ItemKind[])('the mark of %s stays as it is', (name) => {
  const [value, mark] = MARKS[name];
  expect(JSON.stringify(essenceOf(KNOWN.kinds[name] as AnyKind, value))).toBe(mark);
});

/** Tried by the version before, whose answer was lost, and changed again; now it meets what has arrived. */
async function stateOf(name: ItemKind, first: object, then: object, arrived = first) {
  const { items, session, outbox } = phone;
  server.faults = [
    ({ method, headers }) => {
      if (method !== 'PUT') return null;
      return headers['If-Match'] === '"1"'
        ? refusal(412, 'changed_elsewhere', { current: { ...arrived, version: 2 } })
        : json(200, { ...arrived, ...then, version: 3 });
    },
  ];
  await items.writeItem(session.phone, name, 'one', first, 1);
  const attempted = [await numbered(MARKS[name][1])];
  await items.changeItem(session.phone, name, 'one', (item, row) => ({
    item,
    row: { ...row!, attempted },
  }));
  await items.writeItem(session.phone, name, 'one', { ...first, ...then });
  await outbox.drain(true);
  return items.standingOf(await items.readItem(session.phone, name, 'one')).sending;
}

test.each([
  ['rhythm', RHYTHM, { prompts_a_week: 5 }],
  ['reminders', { ...REMINDER, id: 'one' }, { at: '10:30' }],
] as const)('%s that meet themselves are one', async (name, first, then) => {
  expect(await stateOf(name, first, then)).toBe('safe');
});

test.each([
  ['with nothing in it is no other text', '', 'safe'],
  ['with something in it is another', 'warm', 'conflict'],
])('a field that came with the update, %s', async (_, tone, sending) => {
  const { KNOWN: inUse } = await import('../kinds');
  Object.assign((inUse.kinds.responses as AnyKind).content, { tone: words });
  const first = { ...MARKS.responses[0], id: 'one' };
  expect(
    await stateOf('responses', first, { text: 'And then?' }, { ...first, tone } as typeof first),
  ).toBe(sending);
});
