/** A late 401 ends nobody’s session but that which was asked with. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ask } from '../api/client';
import type { SessionOut } from '../api/shapes';
import { json, ME, OTHER, PretendServer, refusal, type Seen } from '../testing/pretend-server';
import { newPhone, settled, signedInTab, type Tab } from '../testing/pretend-tab';
import { someProposal } from '../testing/some-proposal';

let server: PretendServer;
let phone: Tab;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  phone = await signedInTab();
});

const SESSIONS = '/api/sign-in/sessions';
const person = ({ id, name }: { id: string; name: string }) => ({ id, name, version: 1 });

/** From here on this is refused, and who signs in next is `who`. */
function refuse(isIt: (seen: Seen) => boolean, who: { id: string; name: string }): void {
  server.faults = [
    (seen) => (isIt(seen) ? refusal(401, 'not_signed_in') : null),
    ({ method, path }) => {
      if (method !== 'POST' || path !== SESSIONS) return null;
      server.faults = [];
      server.who = who;
      return json(201, { id: 's', person: person(who), started_at: '2026-11-22T09:00:00Z' });
    },
  ];
}

const signIn = () =>
  phone.session.signIn(
    () => ask<SessionOut>('POST', SESSIONS, { body: {} }),
    (data) => data,
  );

const ACTS: Record<string, () => Promise<unknown>> = {
  'to-talk-about': async () =>
    (await import('../features/pulse/pulses.svelte')).pulses.haveTalked('rowan', 'listening'),
  'check-ins': async () =>
    (await import('../features/pulse/check-ins.svelte')).checkIns.ask('rowan', 'listening'),
  closing: async () =>
    (await import('../features/proposals/proposals.svelte')).proposals.decideNow({
      ...someProposal(),
      sending: 'safe',
    } as never),
  open: async () =>
    (await import('../features/feedback/feedback.svelte')).feedback.open({ id: 'piece' } as never),
  acceptance: async () =>
    new (await import('../features/joining/joining.svelte')).Joining('token').joinSignedIn(),
  people: async () =>
    new (await import('./resource.svelte')).Resource('/api/cohorts/rowan/people').load(),
};

describe.each(Object.entries(ACTS))('a 401 to %s', (name, act) => {
  const isIt = ({ method, path }: Seen) =>
    path.includes(name) && (method !== 'GET' || name === 'people');

  test('ends the session that it was asked with', async () => {
    refuse(isIt, ME);
    await act();
    await settled();
    expect(phone.session.isEnded).toBe(true);
  });

  test('that is late ends none of who is here by then', async () => {
    refuse(isIt, OTHER);
    const held = server.holdBack(isIt);
    const acted = act();
    await held.isAsked;
    await phone.signOut.leaveThisPhone();
    await signIn();
    held.release();
    await acted;
    await settled();
    expect(phone.session).toMatchObject({ isEnded: false, person: { name: OTHER.name } });
  });

  test('that is late ends none that the same person has begun since', async () => {
    await phone.device.writeSignedIn({ id: ME.id, confirmed: true, ended: true });
    phone.news.tell({ about: 'who' });
    await vi.waitFor(() => expect(phone.session.isEnded).toBe(true));
    refuse(isIt, ME);
    const held = server.holdBack(isIt);
    const acted = act();
    await held.isAsked;
    await signIn();
    held.release();
    await acted;
    await settled();
    expect(phone.session.isEnded).toBe(false);
  });
});

test.each(['signed in', 'signed in before sign-ins had ids'])(
  'who was %s and is only asked about again is here by the same sign-in',
  async (how) => {
    refuse(() => false, ME);
    if (how === 'signed in') await signIn();
    const before = await phone.device.whoIsSignedIn();
    await phone.session.confirm();
    expect((await phone.device.whoIsSignedIn())?.sign_in).toBe(before?.sign_in);
  },
);

/** Who may look at a 401: who writes down that a session is over, who sends what waits, who signs out. */
const MAY = ['store/asking.ts', 'store/deliver.ts', 'store/leaving.ts'];
const looksAt = (source: string): boolean => /=== 401\b|\bended: true\b/.test(source);

test('that a session is over is written down in one place', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path) && !/\.test\.ts$|^testing\//.test(path))
    .filter((path) => looksAt(readFileSync(`src/${path}`, 'utf8')));
  expect(files.toSorted()).toEqual(MAY);
});

test('somebody else who looks at a 401 would be seen', () => {
  expect(looksAt("if (answer.kind === 'refused' && answer.status === 401) return;")).toBe(true);
});
