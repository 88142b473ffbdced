/** One outbox row to the server, and what came of it. Decides nothing about the rows: outbox.ts writes it down. */
import type { Answer } from '../api/client';
import { meant } from '../core/meant';
import type { Refusal } from '../api/shapes';
import { askFor } from './asking';
import { remainsOf } from './choices';
import type { ItemRow, OutboxRow, Phone, Problem } from './database';
import { changeItem, readItem } from './items';
import { bodyOf, essenceOf, essencesOf, kindOf, type AnyKind } from './kinds';
import { seal, type Sealed } from './seal';

export type Outcome =
  /** The server has it (or, without `sealed`, has deleted it; `gone` stands in its place until the lists know). */
  | { kind: 'done'; version: number | null; sealed?: Sealed; gone?: ItemRow }
  /** An earlier attempt of ours had arrived although its answer was lost: go on from that version. */
  | { kind: 'rebase'; version: number }
  /** It was changed elsewhere meanwhile: both texts are kept, the author chooses. */
  | { kind: 'conflict'; version: number; theirs: Sealed }
  /** It cannot be sent as it is. */
  | { kind: 'parked'; problem: Problem }
  /**
   * Try again: after `wait` ms if the server said when. `everybody`: it asked for patience in general;
   * `rests`: only for this, which reaches others, while what is private goes on.
   */
  | { kind: 'later'; wait: number | null; everybody: boolean; rests?: boolean }
  /** No answer from the server itself. `hasStayed`: there was no network at all, so nothing has left this phone. */
  | { kind: 'silence'; hasStayed?: boolean }
  /** It could not even be tried: something is wrong with it, or with us. */
  | { kind: 'failed' }
  | { kind: 'not_signed_in' }
  /** The author changed it before it left: nothing was sent. */
  | { kind: 'ours' };

interface Versioned {
  version: number;
}

export async function deliver(phone: Phone, row: OutboxRow): Promise<Outcome> {
  const kept = await readItem<unknown>(phone, row.kind, row.id);
  if (!kept?.row) return { kind: 'ours' };
  return row.intent === 'delete'
    ? sendDelete(phone, row, kept.value)
    : sendPut(phone, row, kept.value);
}

async function sendPut(phone: Phone, row: OutboxRow, value: unknown): Promise<Outcome> {
  const kind = await kindOf(row.kind);
  const mark = await digest(essenceOf(kind, value));
  const attempted = [...new Set([...row.attempted, mark])];
  // Written down before it leaves: should the answer get lost, the next try can tell our own words from others'.
  const stillSame = await changeItem(phone, row.kind, row.id, (item, now) =>
    now?.revision === row.revision && item ? { item, row: { ...now, attempted } } : null,
  );
  if (!stillSame) return { kind: 'ours' };
  const hasNoNetwork = navigator.onLine === false;
  const answer = await askFor<Versioned>(phone, kind.method, kind.path(row.id), {
    body: bodyOf(kind, value),
    headers: isConditional(kind) ? precondition(row) : {},
  });
  if (answer.kind === 'unreachable' && hasNoNetwork && navigator.onLine === false)
    return { kind: 'silence', hasStayed: true };
  if (answer.kind === 'ok') return accepted(phone, row, kind, answer, attempted);
  if (answer.kind === 'refused' && answer.status === 412)
    return elsewhere(phone, row, kind, answer.refusal, attempted);
  return refused(answer);
}

const precondition = (row: OutboxRow): Record<string, string> =>
  row.base === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${row.base}"` };

const isConditional = (kind: AnyKind): boolean => kind.method === 'PUT' && !kind.isUnconditional;

type Ok = Extract<Answer<Versioned>, { kind: 'ok' }>;

async function accepted(
  phone: Phone,
  row: OutboxRow,
  kind: AnyKind,
  answer: Ok,
  attempted: string[],
): Promise<Outcome> {
  if (kind.leavesNothing)
    return answer.status === 204 ? { kind: 'done', version: null } : { kind: 'silence' };
  // The server counts no versions of these: here each that arrived is told from the one before it.
  const out = kind.isUnconditional ? { ...answer.data, version: (row.base ?? 0) + 1 } : answer.data;
  if (typeof out?.version !== 'number' || !kind.isAnswerFor(out, row.id, phone.personId))
    return { kind: 'silence' };
  const value = kind.kept(out);
  const sealed = await seal(phone.key, value);
  // A create answered by 200 is a replay: the server shows what it has, which may be an earlier wording.
  const isReplay = row.base === null && answer.status === 200 && isConditional(kind);
  // Not touched here since it arrived: what the server has is that, or a later edit on another phone.
  if (!isReplay || row.revision === 1) return { kind: 'done', version: out.version, sealed };
  if (await isAmong(attempted, kind, value)) return { kind: 'rebase', version: out.version };
  return { kind: 'conflict', version: out.version, theirs: sealed };
}

/** 412: the stored version is another one. If it is our own earlier attempt, that is no conflict. */
async function elsewhere(
  phone: Phone,
  row: OutboxRow,
  kind: AnyKind,
  refusal: Refusal,
  attempted: string[],
): Promise<Outcome> {
  const current = refusal.current as Versioned | undefined;
  if (!current || !kind.isAnswerFor(current, row.id, phone.personId))
    return { kind: 'later', wait: null, everybody: false };
  const theirs = kind.kept(current);
  const sealed = await seal(phone.key, theirs);
  if ((await isAmong(attempted, kind, theirs)) || kind.isEmpty?.(theirs))
    return { kind: 'rebase', version: current.version };
  return { kind: 'conflict', version: current.version, theirs: sealed };
}

/** Of what was just made. */
const FIRST_VERSION = 1;

async function sendDelete(phone: Phone, row: OutboxRow, value: unknown): Promise<Outcome> {
  const kind = await kindOf(row.kind);
  // One whose answer was lost is there as it was made, if it is there: what was written elsewhere since is not taken away.
  const match = `"${row.base ?? FIRST_VERSION}"`;
  const answer = await askFor<unknown>(phone, 'DELETE', kind.path(row.id), {
    headers: { 'If-Match': match },
  });
  const gone =
    answer.kind === 'ok'
      ? answer.status === 204
      : answer.kind === 'refused' && [404, 410].includes(answer.status);
  if (gone) {
    const done = { kind: 'done', version: null } as const;
    const { listedBy } = kind;
    return listedBy ? { ...done, gone: await remainsOf(phone, row.id, value, listedBy) } : done;
  }
  if (answer.kind === 'ok') return { kind: 'silence' };
  if (answer.kind === 'refused' && answer.status === 412)
    return elsewhere(phone, row, kind, answer.refusal, row.attempted);
  return refused(answer);
}

/** A person has told others a lot within an hour: this one waits, what they keep to themselves does not. */
const A_LOT = 'a_lot_at_once';

/** Statuses that a later try may turn into a yes; every other refusal needs its author. */
const PASSING = new Set([408, 425, 429]);

function refused(answer: Answer<unknown>): Outcome {
  if (answer.kind !== 'refused') return { kind: 'silence' };
  const { status, refusal, retryAfter } = answer;
  if (status === 401) return { kind: 'not_signed_in' };
  if (status >= 500 || PASSING.has(status)) {
    const rests = status === 429 && refusal.reason === A_LOT;
    const everybody = (status === 429 || status === 503) && !rests;
    return { kind: 'later', wait: retryAfter, everybody, rests };
  }
  const { waiting, values, errors } = refusal;
  const fields = errors?.json && { ...errors.json, ...refusal.fields };
  return {
    kind: 'parked',
    problem: {
      status,
      reason: refusal.reason,
      message: refusal.message,
      ...(values ? { values } : {}),
      ...(fields ? { fields } : {}),
      ...(waiting ? { waiting } : {}),
    },
  };
}

/** Whether what the server has is what was tried, perhaps by the version of the app before an update. */
async function isAmong(attempted: string[], kind: AnyKind, stored: unknown): Promise<boolean> {
  const marks = await Promise.all(essencesOf(kind, stored).map(digest));
  return marks.some((mark) => attempted.includes(mark));
}

async function digest(essence: unknown): Promise<string> {
  const text = JSON.stringify(essence, meant);
  if (!globalThis.crypto?.subtle) return text;
  const bytes = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)),
  );
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
