/** What the server has answered, as far as nobody waits for it: put away for later, noted, and on the screens that show it. */
import type { Phone, ResourceRow } from './database';
import { follow } from './following';
import { drop, keepFor, noteStillSo } from './kept-answers';
import { letGoOfThingsAt } from './letting-go';
import { isGone, type Question } from './question';
import type { Heard } from './synced';

/** How often at most it is written down that a copy was looked at, in ms. */
const USED = 3_600_000;

/** A copy for later is a comfort: the phone may be full. */
export async function keepForLater(
  phone: Phone,
  { rows }: Question,
  some: readonly [path: string, said: Heard][],
): Promise<void> {
  const gone: string[] = [];
  for (const [path, said] of some) {
    const isGoneNow = await keepEarly(phone, path, said, rows.get(path)).catch(() => false);
    if (isGoneNow) gone.push(path);
  }
  await letGoOfThingsAt(phone, gone).catch(() => undefined);
}

/** @returns whether it is gone */
async function keepEarly(
  phone: Phone,
  path: string,
  { answer, askedAt, mark }: Heard,
  before: ResourceRow | undefined,
): Promise<boolean> {
  if (answer.kind === 'ok') await keepFor(phone, before, path, { ...answer, askedAt, mark });
  return isGone(answer) && drop(phone, path, askedAt);
}

/** @param how.wanted on a screen: it was looked at now. how.askedAt in ms */
export async function noteUnchanged(
  phone: Phone,
  { known, rows }: Question,
  heard: ReadonlyMap<string, Heard>,
  { wanted, askedAt }: { wanted: ReadonlySet<string>; askedAt: number },
): Promise<void> {
  for (const [path, { answer, etag, mark }] of heard) {
    if (answer.kind !== 'unchanged') continue;
    const isUsed = wanted.has(path) && askedAt - (rows.get(path)?.kept_at ?? askedAt) > USED;
    const isMarked = mark && mark !== known.get(path)!.mark;
    const now = { ...(isUsed && { kept_at: askedAt }), ...(isMarked && { mark }) };
    if (isUsed || isMarked) await noteStillSo(phone, path, etag, now).catch(() => undefined);
  }
}

/** Whoever shows it, shows it now; but not what was let go of since it was asked. */
export function followed(
  heard: ReadonlyMap<string, Heard>,
  about?: Pick<Question, 'rows' | 'letGo'>,
): void {
  const so = new Map<string, number>();
  for (const [path, { answer, askedAt }] of heard) {
    if (about?.letGo.has(path)) continue;
    const at = answer.kind === 'ok' ? askedAt : about?.rows.get(path)?.kept_at;
    if (at !== undefined && (answer.kind === 'ok' || answer.kind === 'unchanged')) so.set(path, at);
  }
  follow(so);
}
