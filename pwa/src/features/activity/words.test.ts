// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { ActivityKind, ActivityOut, ReflectionOut, ResponseOut } from '../../api/shapes';
import { isToShow, sentence } from './words';

const ana = { id: 'a', name: 'Ana' };
const dev = { id: 'd', name: 'Dev' };
const reflection = { id: 'r', author: dev, text: 'We paused.' } as ReflectionOut;

function item(kind: ActivityKind, change: Partial<ActivityOut> = {}): ActivityOut {
  const happened_at = '2026-11-22T10:00:00Z';
  return {
    id: 'l',
    happened_at,
    kind,
    by: ana,
    about: null,
    reflection,
    response: null,
    details: null,
    ...change,
  };
}

describe('a line of the activity', () => {
  const curious = { kind: 'curious' } as ResponseOut;
  it.each([
    [item('shared', { by: dev }), 'Dev shared'],
    [item('shared', { by: dev, reflection: { ...reflection, text: '' } }), 'Dev shared a noticing'],
    [item('shared'), 'You shared'],
    [item('responded', { response: curious }), 'You responded to Dev'],
    [
      item('responded', { by: dev, response: curious, reflection: { ...reflection, author: ana } }),
      'Dev responded to you',
    ],
    [item('joined'), 'You joined'],
    [item('became_facilitator', { by: dev }), 'Dev became a facilitator'],
    [item('became_facilitator'), 'You became a facilitator'],
    [item('invited', { by: dev }), 'Dev made an invitation'],
    [
      item('invited', { by: dev, details: { role: 'participant', uses: 1 } }),
      'Dev made an invitation for one person',
    ],
    [item('invited', { details: { uses: 12 } }), 'You made an invitation for 12 people'],
    [item('joined', { by: null }), 'Somebody who was here joined'],
    [
      item('joining_undone', { by: dev, details: { before: 'Zoe', now: 'Zoe' } }),
      'Dev undid the joining of Zoe',
    ],
    [item('joining_undone', { by: dev }), 'Dev undid a joining'],
    [
      item('taking_up_objected', { by: dev, details: { reason: 'somebody_else' } }),
      'Dev would rather somebody else facilitated',
    ],
    [item('left_to_cohort', { by: null }), 'Nobody facilitates now. Any of us may take it up'],
    [item('joined', { by: dev, details: { role: 'facilitator' } }), 'Dev joined as a facilitator'],
    [
      item('invited', { by: dev, details: { role: 'facilitator', uses: 1 } }),
      'Dev invited another facilitator',
    ],
    [
      item('renamed', { by: dev, details: { before: 'Callum', now: 'Dev' } }),
      'Callum is now called Dev',
    ],
    [
      item('renamed', {
        by: dev,
        details: { before: 'Morag', now: 'Ana', before_is_shared: true, now_is_shared: true },
      }),
      'Somebody called Morag is now called Ana. Others have each of these names too',
    ],
    [
      item('renamed', { by: dev, details: { before: 'Bo', now: 'Ana', now_is_shared: true } }),
      'Bo is now called Ana. Somebody else is called Ana too',
    ],
    [
      item('renamed', { details: { before: 'Bo', now: 'Ana' } }),
      'You were called Bo and are now called Ana',
    ],
    [item('renamed', { by: dev }), 'Dev changed their name'],
    [item('check_in_opened', { by: dev }), 'Dev asked how we live a commitment'],
    [item('check_in_opened', { by: null }), 'A check-in asked how we live a commitment'],
  ])('reads well: %#', (line, words) => {
    expect(sentence(line, 'a')).toBe(words);
  });

  it.each<ActivityKind>([
    'proposal_adopted',
    'rule_adopted',
    'purpose_adopted',
    'dates_adopted',
    'proposal_returned',
    'proposal_unanswered',
    'proposal_overtaken',
    'review_due',
    'end_comes',
    'end_came',
    'check_in_opened',
    'check_in_asked_anew',
    'pulse_shown',
    'to_talk_again',
  ])('names nobody where nobody did it: %s', (kind) => {
    expect(sentence(item(kind, { by: null, reflection: null }), 'a')).not.toMatch(/someone|\{/i);
  });

  it('is gone when what it was about was taken back', () => {
    expect(isToShow(item('shared', { reflection: null }))).toBe(false);
    expect(isToShow(item('responded', { response: null }))).toBe(false);
    expect(isToShow(item('joined', { reflection: null }))).toBe(true);
  });
});
