// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { ActivityOut, List, ProposalOut, ReminderOut } from '../api/shapes';
import { PROPOSAL } from '../features/proposals/kinds';
import { ASK } from '../features/feedback/kinds';
import { KNOWN } from '../kinds';
import * as copies from './copies';
import { keptItem, refsInItem, type Judge, type Ref, type ShapeOf } from './copies';

const kept = (path: string, value: unknown, judge: Judge) => copies.kept(KNOWN, path, value, judge);
const refsIn = (path: string, value: unknown) => copies.refsIn(KNOWN, path, value);
const refAt = (path: string) => copies.refAt(path, KNOWN);
const shapeOf = (path: string) => copies.shapeOf(path, KNOWN);

const id = (n: number) => `0192cccc-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [ROWAN, ALDER, ANA, BJORN] = [id(1), id(2), id(3), id(4)];
const without =
  (...gone: Ref[]) =>
  (ref: Ref) =>
    !gone.includes(ref);

const reflection = { id: id(10), cohort_id: ROWAN, text: 'We spoke.', mine: false };
const response = { id: id(11), text: 'Tell me more?', mine: false };
const lines = {
  items: [
    { id: 1, kind: 'shared', reflection, response: null },
    { id: 2, kind: 'responded', reflection, response },
    { id: 3, kind: 'joined', reflection: null, response: null },
  ],
  next: null,
};
const ACTIVITY = `/api/cohorts/${ROWAN}/activity?kind=shared`;

describe('what an answer holds', () => {
  it('is named wherever it stands in it, and whose address it is', () => {
    expect(refsIn(ACTIVITY, lines)).toEqual(
      new Set([`cohort/${ROWAN}`, `reflection/${id(10)}`, `response/${id(11)}`]),
    );
  });

  it('is named for people with their cohort', () => {
    const people = { items: [{ id: ANA }, { id: BJORN }] };
    expect(refsIn(`/api/cohorts/${ROWAN}/people`, people)).toEqual(
      new Set([`cohort/${ROWAN}`, `member/${ROWAN}/${ANA}`, `member/${ROWAN}/${BJORN}`]),
    );
  });

  it('leaves out our own questions, which are nobody’s', () => {
    const items = [
      { id: id(20), by: null, cohort_id: null },
      { id: id(21), by: { id: BJORN }, cohort_id: ROWAN, is_mine: false },
    ];
    expect(refsIn('/api/prompts', { items })).toEqual(
      new Set([`prompt/${id(21)}`, `cohort/${ROWAN}`]),
    );
  });

  it('is named behind what is gone, too', () => {
    const asked: Ref[] = [];
    kept(ACTIVITY, lines, (ref) => !asked.push(ref));
    expect(asked).toEqual([`cohort/${ROWAN}`]);
    expect(refsIn(`/api/proposals/${id(30)}`, proposal)).toContain(`remark/${id(31)}`);
  });
});

const proposal = {
  id: id(30),
  cohort_id: ROWAN,
  mine: false,
  text: 'We rest.',
  remarks: [{ id: id(31), text: 'Always?' }],
};

describe('what is left of an answer', () => {
  it('is the very same when nothing in it is gone', () => {
    expect(kept(ACTIVITY, lines, () => true)).toBe(lines);
  });

  it('has lost the lines that showed what was taken back', () => {
    const rest = kept(ACTIVITY, lines, without(`reflection/${id(10)}`));
    expect(rest).toEqual({ items: [lines.items[2]], next: null });
    expect(JSON.stringify(rest)).not.toContain('We spoke.');
  });

  it('has lost only the answer that was taken back', () => {
    const rest = kept(ACTIVITY, lines, without(`response/${id(11)}`));
    expect(rest).toEqual({ items: [lines.items[0], lines.items[2]], next: null });
  });

  it('is nothing once the thing itself is gone, and of a list about it as well', () => {
    const judge = without(`reflection/${id(10)}`);
    expect(kept(`/api/reflections/${id(10)}`, reflection, judge)).toBeNull();
    const responses = { items: [response] };
    expect(kept(`/api/reflections/${id(10)}/responses`, responses, judge)).toBeNull();
  });

  it('has lost the remark, and kept the proposal', () => {
    expect(kept(`/api/proposals/${id(30)}`, proposal, without(`remark/${id(31)}`))).toEqual({
      ...proposal,
      remarks: [],
    });
  });
});

describe('an address', () => {
  it.each([
    [`/api/reflections/${id(10)}`, `reflection/${id(10)}`],
    [`/api/check-ins/${id(10)}?x=y`, `check_in/${id(10)}`],
    [`/api/reflections/${id(10)}/responses`, null],
    ['/api/reflections', null],
    ['/api/notices/waiting', null],
  ])('is that of a thing, or of what only belongs to one: %s', (path, ref) => {
    expect(refAt(path)).toBe(ref);
  });
});

describe('a cohort that was left', () => {
  const judge = without(`cohort/${ROWAN}`);

  it.each([
    'people',
    'activity',
    'contract',
    'contract/versions/3',
    'proposals?state=open&limit=100',
    'pulse',
    'a-room-of-another-day',
  ])('takes with it whatever was heard under its address: %s', (room) => {
    expect(kept(`/api/cohorts/${ROWAN}/${room}`, { items: [] }, judge)).toBeNull();
    const other = { items: [] };
    expect(kept(`/api/cohorts/${ALDER}/${room}`, other, judge)).toBe(other);
  });

  it('leaves the list of mine', () => {
    const cohorts = { items: [{ id: ROWAN }, { id: ALDER }] };
    expect(kept('/api/cohorts', cohorts, judge)).toEqual({ items: [{ id: ALDER }] });
  });

  it('takes what others shared there, and leaves what is mine', () => {
    expect(kept(`/api/reflections/${id(10)}`, reflection, judge)).toBeNull();
    const mine = { ...reflection, mine: true };
    expect(kept(`/api/reflections/${id(10)}`, mine, judge)).toBe(mine);
  });

  it('takes what I heard of it, and leaves what is between two people', () => {
    const notices = { items: [{ id: id(40), about: { cohort_id: ROWAN } }] };
    expect(kept('/api/notices', notices, judge)).toEqual({ items: [] });
    const asks = { items: [{ id: id(41), cohort_id: ROWAN, feedback: [{ id: id(42) }] }] };
    expect(kept('/api/feedback-requests?direction=asked', asks, judge)).toBe(asks);
  });
});

describe('a proposal of mine in a cohort that was left', () => {
  const mine = {
    ...proposal,
    mine: true,
    before: 'What all of us had agreed.',
    my_position: { person: { id: ANA }, position: 'consent', text: 'I would like that.' },
    positions: [{ person: { id: BJORN }, position: 'object', text: 'I cannot.', safe_if: 'If.' }],
    remarks: [
      { id: id(31), text: 'Always?', mine: false },
      { id: id(32), text: 'Mostly.', mine: true },
    ],
  };
  const rest = { ...mine, before: null, positions: [], remarks: [mine.remarks[1]] };
  const judge = without(`cohort/${ROWAN}`);

  it('has lost what others said in it at once, and nothing of mine', () => {
    expect(kept(`/api/proposals/${id(30)}`, mine, judge)).toEqual(rest);
    expect(keptItem(mine, PROPOSAL, false, judge)).toEqual(rest);
    expect(keptItem(mine, PROPOSAL, true, judge)).toEqual(rest);
  });

  it('is untouched where I left another one', () => {
    const other = without(`cohort/${ALDER}`);
    expect(keptItem(mine, PROPOSAL, false, other)).toBe(mine);
  });

  it('is asked about with its cohort, so that it goes when I left on another phone', () => {
    expect(refsIn(`/api/proposals/${id(30)}`, mine)).toContain(`cohort/${ROWAN}`);
  });
});

describe('a shape that leaves words out', () => {
  it('is refused by the compiler', () => {
    const holds = { my_position: {}, remarks: { thing: 'remark' } } as const;
    // @ts-expect-error -- it does not say what becomes of positions
    const forgotten: ShapeOf<ProposalOut> = { thing: 'proposal', holds };
    // @ts-expect-error -- nor this of the answer
    const line: ShapeOf<ActivityOut> = { holds: { reflection: { thing: 'reflection' } } };
    // @ts-expect-error -- nor what those in a list are, or whose
    const list: ShapeOf<List<ReminderOut>> = copies.listOf({});
    expect([forgotten, line, list]).toHaveLength(3);
  });
});

describe('an item of mine', () => {
  const judge = without(`proposal/${id(30)}`, `remark/${id(31)}`);

  it('goes when it has arrived and may not be seen any more', () => {
    expect(keptItem(proposal, PROPOSAL, false, judge)).toBeNull();
  });

  it('stays with its words while it is still to be sent; what others said in it goes', () => {
    expect(refsInItem(proposal, PROPOSAL, true)).toEqual(
      new Set([`remark/${id(31)}`, `cohort/${ROWAN}`]),
    );
    expect(keptItem(proposal, PROPOSAL, true, judge)).toEqual({ ...proposal, remarks: [] });
  });

  it('is not asked about under a name that only this phone gives', () => {
    const ask = { id: id(50), feedback: [{ id: `${id(50)}/${BJORN}` }] };
    expect(refsInItem(ask, ASK, true)).toEqual(new Set());
  });
});

/** Asked for where copies are kept, but only told or asked once: nothing of the answer stays. */
const NOT_KEPT = [
  '/api/cohorts/_',
  '/api/cohorts/_/people/me',
  '/api/cohorts/_/people/me/role',
  '/api/cohorts/_/people/_/joining',
  '/api/cohorts/_/facilitating/offer',
  '/api/cohorts/_/facilitating/offers/_/answer',
  '/api/cohorts/_/facilitating/objection',
  '/api/cohorts/_/invitations/_',
  '/api/cohorts/_/invitations/_/link',
  '/api/cohorts/_/invitations/by-mail',
  '/api/cohorts/_/to-talk-about/_',
  '/api/feedback-requests/_/open',
  '/api/proposals/_/closing',
  '/api/contract-reviews/_/reopening',
  '/api/push/key',
  '/api/devices/_',
  '/api/devices/_/test',
  '/api/me/rhythm',
  '/api/me/sessions',
  '/api/me/sessions/_',
];

describe('every address whose answer is kept', () => {
  const sources = import.meta.glob<string>('../features/**/*.ts', {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const found = Object.entries(sources)
    .filter(
      ([name, text]) =>
        !name.includes('.test.') &&
        /\b(Resource|Pages|Parts|PagedList|LaterPages|ListCollection)\b/.test(text),
    )
    .flatMap(([, text]) => [...text.matchAll(/[`'](\/api\/[^`']+)[`']/g)].map(([, path]) => path!));

  it('is found at all', () => {
    expect(found.length).toBeGreaterThan(20);
  });

  const addresses = new Set(
    found.map((template) => template.split('?')[0]!.replaceAll(/\$\{[^}]+\}/g, '_')),
  );

  it.each([...addresses].filter((address) => !NOT_KEPT.includes(address)))(
    'says what it holds: %s',
    (address) => {
      expect(shapeOf(address.replaceAll('_', ROWAN))).not.toBeNull();
    },
  );
});
