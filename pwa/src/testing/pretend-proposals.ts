/** For tests: a phone, and a server that has proposals. */
import { vi } from 'vitest';
import type { ProposalOut } from '../api/shapes';
import { json, ME, PretendServer, refusal, type Seen } from './pretend-server';
import { drained, newPhone, signedInTab, type Tab } from './pretend-tab';
import { somePosition, someProposal, someRemark } from './some-proposal';

interface Here {
  server: PretendServer;
  phone: Tab;
  /** What the server has. */
  there: ProposalOut[];
  /** What the server answers, before it tells what it has. */
  answer: (seen: Seen) => Response | 'lost request' | 'lost answer' | null;
}

export const here = {} as Here;

/** Before each test. */
export async function begin(): Promise<void> {
  newPhone();
  here.server = new PretendServer();
  here.server.plugIn();
  here.there = [];
  here.answer = () => null;
  here.server.faults = [
    (seen) => (/proposals|remarks/.test(seen.path) ? (here.answer(seen) ?? told(seen)) : null),
  ];
  here.phone = await signedInTab();
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
}

function told({ method, path }: Seen): Response | null {
  if (method !== 'GET') return null;
  if (path.includes('state=')) {
    const isOpen = path.includes('state=open');
    const items = here.there.filter(({ state }) => (state === 'open') === isOpen);
    return json(200, { items, next: null });
  }
  const one = here.there.find(({ id }) => path.endsWith(id));
  return one ? json(200, one) : refusal(404, 'not_found');
}

/** The server does as it is asked. */
export function obliging({ method, path, body }: Seen): Response | null {
  if (method === 'GET') return null;
  const id = path.split('/')[3]!;
  if (method === 'DELETE') {
    here.there = here.there
      .filter((one) => one.id !== id)
      .map((one) => ({ ...one, remarks: one.remarks.filter((remark) => remark.id !== id) }));
    return new Response(null, { status: 204 });
  }
  if (path.includes('/remarks/')) return json(201, someRemark({ ...body, id, by: ME, mine: true }));
  const before = here.there.find((one) => one.id === id);
  if (path.endsWith('/position'))
    return json(200, { ...before, my_position: somePosition(body as object) });
  const made = someProposal({
    ...before,
    ...(body as object),
    closes_at: (body!.closes_at as string | null) ?? '2099-01-08T00:00:00Z',
    id,
    mine: true,
    proposer: ME,
  });
  return json(201, made);
}

export const noSignal = () => 'lost request' as const;
export const NEW = {
  kind: 'add' as const,
  commitment: null,
  text: ' We pause. ',
  why: '',
  closes_at: '',
};
export const YES = { position: 'consent' as const, text: '', safe_if: '' };
export const MINE = { mine: true, proposer: ME };

export async function opened() {
  const { proposals } = await import('../features/proposals/proposals.svelte');
  await proposals.load('rowan');
  return proposals;
}

export const drain = () => drained(here.phone);
export const rows = () => here.phone.session.phone.db.getAll('outbox');
export const writes = () =>
  here.server.writes().filter(({ path }) => /proposals|remarks/.test(path));
export async function again() {
  here.phone = await signedInTab();
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
  return opened();
}
