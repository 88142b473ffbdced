/** For tests: a phone that keeps copies of what others made, and a server that says which of them may no longer be seen. */
import type { ApiPath } from '../api/shapes';
import type { Ref } from '../store/copies';
import type { ItemRow, ResourceRow } from '../store/database';
import { json, PretendServer, type Seen } from './pretend-server';
import { newPhone, signedInTab, type Tab } from './pretend-tab';

export const id = (n: number) => `0192cccc-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const [ROWAN, SHARED, ANSWER] = [id(1), id(10), id(11)];
export const CANARY = 'We spoke at last.';
export const ONE = `/api/reflections/${SHARED}` as ApiPath;
export const ACTIVITY = `/api/cohorts/${ROWAN}/activity` as ApiPath;
export const RESPONSES = `/api/reflections/${SHARED}/responses` as ApiPath;

export const reflection = { id: SHARED, cohort_id: ROWAN, text: CANARY, mine: false };
export const response = { id: ANSWER, text: 'Tell me more?', mine: false };
export const ANSWERS: Record<string, unknown> = {
  '/api/cohorts': { items: [{ id: ROWAN, name: 'Rowan' }], next: null },
  [ONE]: reflection,
  [ACTIVITY]: {
    items: [
      { id: 1, kind: 'shared', reflection, response: null },
      { id: 2, kind: 'joined', reflection: null, response: null },
    ],
    next: null,
  },
  [RESPONSES]: { items: [response], next: null },
};

export const here = {} as {
  server: PretendServer;
  phone: Tab;
  /** What the server says may no longer be seen. */
  gone: Set<Ref>;
};

/** Before each test. */
export async function begin(): Promise<void> {
  newPhone();
  here.server = new PretendServer();
  here.gone = new Set();
  here.server.faults = [answers];
  here.server.goneOf = (held) =>
    held.map((group) => ({
      ...group,
      ids: group.ids.filter((one) => here.gone.has(`${group.kind}/${one}` as Ref)),
    }));
  here.server.plugIn();
  here.phone = await signedInTab();
}

export function answers({ path }: Seen): Response | null {
  return path in ANSWERS ? json(200, ANSWERS[path], { ETag: '"a"' }) : null;
}

export const lettingGo = () => import('../store/letting-go');

export async function kept(...paths: ApiPath[]) {
  const { Resource } = await import('../store/resource.svelte');
  return Promise.all(
    paths.map(async (path) => {
      const resource = new Resource<Record<string, unknown>>(path);
      await resource.load();
      return resource;
    }),
  );
}

export const everything = () => kept('/api/cohorts', ONE, ACTIVITY, RESPONSES);
export const paths = () => here.phone.session.phone.db.getAllKeys('resources');

/** Every word that can be read on this phone, with its key. */
export async function allWords(): Promise<string> {
  const { unseal } = await import('../store/seal');
  const { db, key } = here.phone.session.phone;
  const rows = await Promise.all(
    [...db.objectStoreNames].map(async (store) => db.getAll(store as 'resources')),
  );
  const opened = rows
    .flat()
    .flatMap((row) =>
      'sealed' in row ? inIt(row).map((words) => unseal<unknown>(key, words)) : [row],
    );
  return JSON.stringify(await Promise.all(opened));
}

const inIt = (row: ItemRow | ResourceRow) =>
  'theirs' in row && row.theirs ? [row.sealed, row.theirs] : [row.sealed];

export const proposalOfMine = (proposal: string) => ({
  id: proposal,
  cohort_id: ROWAN,
  mine: true,
  version: 1,
  text: 'We rest.',
  before: `${CANARY} before`,
  positions: [{ person: { id: id(98) }, text: `${CANARY} text`, safe_if: `${CANARY} if` }],
  remarks: [{ id: id(31), text: CANARY, mine: false }],
});
