/** For tests: a phone and a server between which feedback passes. */
import { vi } from 'vitest';
import type { FeedbackOut, FeedbackRequestOut } from '../api/shapes';
import { json, OTHER, PretendServer, type Seen } from './pretend-server';
import { drained, newPhone, signedInTab, type Tab } from './pretend-tab';
import { given, someRequest } from './some-feedback';

interface Here {
  server: PretendServer;
  phone: Tab;
  /** What the server lists. */
  lists: { asking: FeedbackRequestOut[]; asked: FeedbackRequestOut[]; offers: FeedbackOut[] };
  /** What the server answers, before it lists. */
  answer: (seen: Seen) => Response | 'lost request' | 'lost answer' | null;
}

export const here = {} as Here;

/** Before each test. */
export async function begin(): Promise<void> {
  newPhone();
  here.server = new PretendServer();
  here.server.plugIn();
  here.lists = { asking: [], asked: [], offers: [] };
  here.answer = () => null;
  here.server.faults = [
    (seen) => (seen.path.includes('/feedback') ? (here.answer(seen) ?? listed(seen)) : null),
  ];
  here.phone = await signedInTab();
  vi.spyOn(here.phone.connection, 'hasNew').mockImplementation(() => {});
}

function listed({ method, path }: Seen): Response | null {
  const { lists } = here;
  if (method !== 'GET') return null;
  if (path.endsWith('/balance')) return json(200, { asked: 1, been_asked: 2 });
  if (path.includes('offers')) return json(200, { items: lists.offers, next: null });
  const items = path.includes('direction=asking') ? lists.asking : lists.asked;
  return json(200, { items, next: null });
}

export const noSignal = () => 'lost request' as const;

export const ASK = {
  cohort_id: 'rowan',
  question: ' What did you notice? ',
  context: '',
  reflection_id: null,
  by_when: 'no_rush',
  asked: [OTHER],
};
export const WORDS = { noticed: 'You waited.', landed: '', wonder: '' };

export async function opened() {
  const { feedback } = await import('../features/feedback/feedback.svelte');
  await feedback.load();
  return feedback;
}

export const drain = () => drained(here.phone);
export const rows = () => here.phone.session.phone.db.getAll('outbox');
export const writes = () => here.server.writes().filter(({ path }) => path.includes('/feedback'));
/** The server does what it is asked; its answers are made from what it was sent. */
export function obliging({ method, path, body }: Seen): Response | null {
  if (method === 'GET') return null;
  if (method === 'DELETE') return new Response(null, { status: 204 });
  const id = path.split('/')[3]!;
  if (path.endsWith('/answer'))
    return json(201, given({ request_id: id, state: 'answered', version: 1, ...body }));
  if (path.includes('offers/'))
    return json(201, given({ id, request_id: null, state: 'offered', about: String(body!.about) }));
  if (method === 'PUT') return json(201, someRequest({ ...(body as object), id }));
  return null;
}
