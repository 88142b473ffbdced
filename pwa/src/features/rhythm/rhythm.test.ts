import { beforeEach, expect, test, vi } from 'vitest';
import { json, PretendServer } from '../../testing/pretend-server';
import { show } from '../../testing/screen';
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

test('nothing is said to be safe before it is, not for a moment', async () => {
  const all = 'shared response joined feedback contract check_in prompt reminder'.split(' ');
  stored.kinds = Object.fromEntries(all.map((kind) => [kind, ['push']]));
  keepsARhythm();
  await signedInTab();
  const { default: RhythmScreen } = await import('./RhythmScreen.svelte');
  await show(RhythmScreen);
  const five = () => document.querySelector<HTMLInputElement>('input[type=radio][value="5"]');
  await vi.waitFor(() => expect(five()).not.toBeNull());
  server.faults = [() => 'lost request'];
  const said = new Set<string>();
  new MutationObserver(() => said.add(document.body.textContent)).observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  five()!.click();
  await vi.waitFor(() => expect(document.body.textContent).toContain('rhythm.waiting'));
  expect([...said].filter((text) => text.includes('rhythm.safe'))).toEqual([]);
});
