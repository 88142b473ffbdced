import { beforeEach, expect, test } from 'vitest';
import { json, PretendServer, refusal } from '../testing/pretend-server';
import { newPhone, settled, signedInTab } from '../testing/pretend-tab';

let server: PretendServer;

beforeEach(async () => {
  newPhone();
  server = new PretendServer();
  server.plugIn();
  await signedInTab();
});

const cohorts = { items: [{ id: 'c', name: 'Rowan' }], next: null };
const answers = (body: unknown, etag: string) => {
  server.faults = [
    ({ method, headers }) => {
      if (method !== 'GET') return null;
      return headers['If-None-Match'] === etag
        ? new Response(null, { status: 304 })
        : json(200, body, { ETag: etag });
    },
  ];
};

async function opened() {
  const { Resource } = await import('./resource.svelte');
  return new Resource<typeof cohorts>('/api/cohorts');
}

test('the phone’s copy is shown without a network, and said to be one', async () => {
  answers(cohorts, '"a"');
  await (await opened()).load();
  server.faults = [() => 'lost request'];
  const again = await opened();
  await again.load();
  expect(again.value).toEqual(cohorts);
  expect(again.isStale).toBe(true);
});

test('the server is asked with the stored ETag, and 304 keeps the copy', async () => {
  answers(cohorts, '"a"');
  await (await opened()).load();
  const again = await opened();
  await again.load();
  expect(server.seen.at(-1)!.headers['If-None-Match']).toBe('"a"');
  expect(again.value).toEqual(cohorts);
  expect(again.isStale).toBe(false);
});

test.each([404, 403, 410])(
  'what was taken back (%i) is gone from this phone too',
  async (status) => {
    answers(cohorts, '"a"');
    await (await opened()).load();
    server.faults = [() => refusal(status, 'gone')];
    const again = await opened();
    await again.load();
    expect(again.value).toBeNull();
    expect(again.refusal?.reason).toBe('gone');
    server.faults = [() => 'lost request'];
    const later = await opened();
    await later.load();
    expect(later.value).toBeNull();
  },
);

test('a captive portal’s page does not replace the phone’s copy', async () => {
  answers(cohorts, '"a"');
  const resource = await opened();
  await resource.load();
  server.faults = [() => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })];
  await resource.load();
  expect(resource.value).toEqual(cohorts);
  expect(resource.isStale).toBe(true);
});

test('a 401 shows the copy and says that the session ended', async () => {
  answers(cohorts, '"a"');
  const resource = await opened();
  await resource.load();
  server.faults = [() => refusal(401, 'not_signed_in')];
  await resource.load();
  const { session } = await import('./session.svelte');
  expect(resource.value).toEqual(cohorts);
  expect(session.isEnded).toBe(true);
});

test.each([
  [401, 'not_signed_in'],
  [429, 'busy'],
])('a no that is not about the thing (%i) takes nothing away', async (status, reason) => {
  answers(cohorts, '"a"');
  const resource = await opened();
  await resource.load();
  server.faults = [() => refusal(status, reason)];
  await resource.load();
  expect(resource).toMatchObject({ value: cohorts, isStale: true, refusal: null });
});

test('what was heard is as old as its question', async () => {
  answers(cohorts, '"a"');
  const resource = await opened();
  const held = server.holdBack(({ path }) => path === '/api/cohorts');
  const loaded = resource.load();
  await held.isAsked;
  await settled();
  const meanwhile = Date.now();
  held.release();
  await loaded;
  expect(resource.heardAt).toBeLessThan(meanwhile);
});
