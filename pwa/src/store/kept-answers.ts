/** The server's answers as they are kept on the phone, by their address. Any number of tabs and the worker write them. */
import { isLater } from './age';
import type { Phone, ResourceRow } from './database';
import { tell, tellOthers } from './news';
import { seal } from './seal';

export interface Said {
  data: unknown;
  etag: string | null;
  /** Under which mark the server said it; none from a server that gives none. */
  mark?: string | null;
  /** In ms. */
  askedAt: number;
}

/** Unless another tab has kept what it asked for later. Whether this one is kept. */
export const keep = async (phone: Phone, path: string, said: Said): Promise<boolean> => {
  const row = await rowOf(phone, path, said);
  return putNewer(phone, row, (now) => !isLater(now?.kept_at, said.askedAt));
};

/** What nobody has asked for: only where the copy still is what it was when it was asked about. */
export async function keepFor(
  phone: Phone,
  before: ResourceRow | undefined,
  path: string,
  said: Said,
): Promise<void> {
  const row = await rowOf(phone, path, said);
  await putNewer(phone, row, (now) => isSame(now, before));
}

/** It is still so: the server says it under another mark, or somebody looked at it then. */
export async function noteStillSo(
  phone: Phone,
  path: string,
  etag: string | null,
  change: Partial<Pick<ResourceRow, 'mark' | 'kept_at'>>,
): Promise<void> {
  await put(phone, path, (now) => (now?.etag === etag ? { ...now, ...change } : null));
}

/**
 * It may not be seen (any more): it leaves the phone, and the screens; unless somebody has asked later.
 * @param askedAt when it was refused, in ms
 * @returns whether it is gone
 */
export async function drop(phone: Phone, path: string, askedAt = Infinity): Promise<boolean> {
  const { store, done } = phone.db.transaction('resources', 'readwrite');
  const isNewer = isLater((await store.get(path))?.kept_at, askedAt);
  await Promise.all([isNewer || store.delete(path), done]);
  if (!isNewer) tell({ about: 'resources', ids: [path] });
  return !isNewer;
}

async function rowOf(
  { key }: Phone,
  path: string,
  { data, etag, mark, askedAt }: Said,
): Promise<ResourceRow> {
  return { path, etag, mark: mark ?? null, kept_at: askedAt, sealed: await seal(key, data) };
}

/** Whoever shows it in another tab hears of it. */
async function putNewer(
  phone: Phone,
  row: ResourceRow,
  isToBe: (now: ResourceRow | undefined) => boolean,
): Promise<boolean> {
  const { path, kept_at: at } = row;
  const isPut = await put(phone, path, (now) => (isToBe(now) ? row : null));
  if (isPut) tellOthers({ about: 'answer', path, at });
  return isPut;
}

/** @param to what stands there from now on; null: as it was */
async function put(
  { db }: Phone,
  path: string,
  to: (now: ResourceRow | undefined) => ResourceRow | null,
): Promise<boolean> {
  const { store, done } = db.transaction('resources', 'readwrite');
  const row = to(await store.get(path));
  await Promise.all([row && store.put(row), done]);
  return row !== null;
}

/** What has become less is sealed anew, and may be the same in all else. */
export const isSame = (one?: ResourceRow, other?: ResourceRow): boolean =>
  one?.kept_at === other?.kept_at &&
  one?.etag === other?.etag &&
  String(one?.sealed.iv) === String(other?.sealed.iv);
