/** For tests: what many ask for at the same moment is one question, and what the phone keeps goes with it when somebody looks. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { ApiPath } from '../api/shapes';
import { json, PretendServer, type Seen } from './pretend-server';
import { newPhone, settled, signedInTab, type Tab } from './pretend-tab';
import { bePatient } from './waits';

export let server: PretendServer;
export let phone: Tab;
/** What the server has under each path. */
export let there: Record<string, unknown>;

export const COHORTS = '/api/cohorts' as ApiPath;
export const PEOPLE = '/api/cohorts/rowan/people' as ApiPath;
export const NOTICES = '/api/notices' as ApiPath;

export const etagOf = (body: unknown) =>
  `"${JSON.stringify(body).length}${JSON.stringify(body).slice(2, 40).replaceAll('"', '')}"`;

export function answers({ method, path, headers }: Seen): Response | null {
  if (method !== 'GET' || !(path in there)) return null;
  const etag = etagOf(there[path]);
  return headers['If-None-Match'] === etag
    ? new Response(null, { status: 304 })
    : json(200, there[path], { ETag: etag });
}

/** Call it at the top of a file: before each test there is a phone, and all three are on the server. */
export function aPhoneThatAsks(): void {
  beforeEach(async () => {
    bePatient();
    newPhone();
    server = new PretendServer();
    server.plugIn();
    there = {
      [COHORTS]: { items: ['Rowan'], next: null },
      [PEOPLE]: { items: ['Ana', 'Tom'], next: null },
      [NOTICES]: { items: [], next: null },
    };
    server.faults = [answers];
    await openTheApp();
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

/** Anew: nothing is in its memory. */
export async function openTheApp(): Promise<void> {
  phone = await signedInTab();
}

export const questions = () => server.seen.filter(({ path }) => path === '/api/sync');
export const asked = () =>
  questions().map(({ body }) =>
    ((body!.known ?? []) as { path: string }[]).map(({ path }) => path),
  );
export async function resource(path: ApiPath) {
  const { Resource } = await import('../store/resource.svelte');
  return new Resource<{ items: string[] }>(path);
}
type Sync = typeof import('../store/sync');
export const sync = (): Promise<Sync> => import('../store/sync');

/** Somebody looks; what is wanted at the same moment goes with it, and nothing else is to come. */
export async function look(how: Parameters<Sync['look']>[1] = {}, of = phone): Promise<void> {
  const { look: begin, hasCome } = await sync();
  const looked = begin(of.session.phone, how);
  await settled();
  hasCome(of.session.phone);
  await looked;
}

export const rowOf = (path: string) => phone.session.phone.db.get('resources', path);

/** All three are kept here, as the server has them, and the app is opened anew. */
export async function openedAnew(): Promise<void> {
  for (const path of [COHORTS, PEOPLE, NOTICES]) await (await resource(path)).load();
  await openTheApp();
  server.seen = [];
}
