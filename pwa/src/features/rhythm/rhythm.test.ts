import { beforeEach, expect, test } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { drained, newPhone, signedInTab } from '../../testing/pretend-tab';

const RHYTHM = {
  version: 1,
  time_zone: 'Europe/London',
  windows: [],
  kinds: {},
  prompts_a_week: 3,
  snoozed_until: null,
  lock_screen: 'generic',
  stretch_me: false,
};

let server: PretendServer;
let stored: typeof RHYTHM;

beforeEach(async () => {
  newPhone();
  stored = { ...RHYTHM };
  server = new PretendServer();
  server.plugIn();
});

/** A server that keeps one rhythm; `beforeAnswering` holds up what it says to a GET. */
function keepsARhythm(beforeAnswering = async () => {}): void {
  server.faults = [
    async ({ method, path, headers, body }) => {
      if (path !== '/api/me/rhythm') return null;
      if (method === 'GET') {
        const answer = json(200, { ...stored });
        await beforeAnswering();
        return answer;
      }
      if (headers['If-Match'] !== `"${stored.version}"`)
        return json(412, { reason: 'changed_elsewhere', current: stored });
      stored = { ...stored, ...(body as object), version: stored.version + 1 };
      return json(200, stored);
    },
  ];
}

test('an answer that is older than what was just sent takes nothing back', async () => {
  const phone = await signedInTab();
  const { MyRhythm } = await import('./rhythm.svelte');
  let letGo = () => {};
  const isSlow = new Promise<void>((done) => (letGo = done));
  let asked = 0;
  keepsARhythm(async () => {
    asked += 1;
    if (asked === 2) await isSlow; // asked before the change, answered after it
  });
  const mine = new MyRhythm();
  await mine.load();
  const late = mine.load();
  await mine.change({ prompts_a_week: 1 });
  await drained(phone);
  const after = mine.load();
  await new Promise((soon) => setTimeout(soon, 50)); // it waits for the late answer now
  letGo();
  await Promise.all([late, after]);
  expect(mine.value?.prompts_a_week).toBe(1);
  await mine.change({ prompts_a_week: 2 });
  await drained(phone);
  await mine.load();
  expect(mine.state).toBe('safe');
  expect(stored.prompts_a_week).toBe(2);
});

test('a change at any moment of a load knows which version it changes', async () => {
  const phone = await signedInTab();
  const { MyRhythm } = await import('./rhythm.svelte');
  keepsARhythm();
  const mine = new MyRhythm();
  await mine.load();
  for (let steps = 0; steps < 40; steps += 1) {
    await mine.change({ prompts_a_week: 1 });
    await drained(phone);
    const loading = mine.load();
    for (let step = 0; step < steps; step += 1) await new Promise((next) => setImmediate(next));
    await mine.change({ prompts_a_week: 2 });
    await drained(phone);
    await loading;
    await mine.load();
    expect(mine.state, `after ${steps} steps`).toBe('safe');
    expect(stored.prompts_a_week).toBe(2);
  }
});
