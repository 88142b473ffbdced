/** For tests: a phone that keeps words, and the server that they are sent to. */
import { vi } from 'vitest';
import { blankDraft } from '../features/reflections/keeping';
import type { KeptReflection } from '../features/reflections/reflections.svelte';
import { PretendServer } from './pretend-server';
import { newPhone, signedInTab, type Tab } from './pretend-tab';

export const here = {} as { server: PretendServer; phone: Tab };

/** Before each test. */
export async function begin(): Promise<void> {
  newPhone();
  here.server = new PretendServer();
  here.server.plugIn();
  here.phone = await signedInTab();
}

/** Keep words without sending them: what happens in a corridor without signal. */
export async function keep(text: string): Promise<KeptReflection> {
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
  return here.phone.reflections.keep({ ...blankDraft(), text });
}

export const drain = (eager = true) => here.phone.outbox.drain(eager);
export const rows = () => here.phone.session.phone.db.getAll('outbox');
export const state = (id: string) => here.phone.reflections.find(id)?.state;
export const puts = () => here.server.writes().map((seen) => seen.body?.text);
export async function shown(id: string): Promise<KeptReflection | null> {
  await here.phone.reflections.load();
  return here.phone.reflections.find(id);
}
