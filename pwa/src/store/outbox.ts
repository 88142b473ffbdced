/**
 * The outbox: sends what is waiting, one item at a time, until the server has said yes to each.
 * Shared by the page and the service worker; knows nothing of the screen.
 *
 * The rules (docs/decisions/outbox.md has the reasons): a row goes only after a verified 2xx;
 * nothing unsent expires; one item that cannot be sent does not hold the others; nothing is sent
 * unless the server's session is known to be that of the person whose words these are.
 */
import type { ItemKind, OutboxRow, Phone } from './database';
import { openPhone } from './database';
import { whoIsSignedIn } from './device';
import { mustEndSession } from './device-leaving';
import { deliver, type Outcome } from './deliver';
import { changeItem, keyOf, readItem } from './items';
import { allKinds, kindOf } from './kinds';
import './leaving';
import { exclusively } from './lock';
import { tell } from './news';
import { holdAgain, pull } from './pull';
import { reach } from './reach';
import { askForWake, OUTBOX_TAG } from './shell-leftovers';

// What is sent is followed by what is to be known.
export { look } from './sync';
export { reach };

export interface Drained {
  /** How many items still wait to be sent (parked ones and conflicts not counted). */
  waiting: number;
  /** When to try again, in ms since 1970; null when only the person or a sign-in can help. */
  nextAt: number | null;
  reached: 'server' | 'nobody' | 'not_tried';
}

/** Two in a row without an answer is no signal; one may be that item's own trouble. */
const SILENCES = 2;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 15 * 60_000;

/**
 * Send everything that is due, then fetch what changed elsewhere. Any number of tabs and the worker
 * may call this at once: they take turns, so each item is sent once.
 * @param eager there is a new reason to hope (signal is back, the person looks): don't sit out our own guesses
 * @param onlyToSend whoever has sent it all meanwhile has asked for what changed, too
 */
export async function drain(eager = false, onlyToSend = false): Promise<Drained> {
  for (;;) {
    const { more, ...drained } = await exclusively(() => turn(eager, onlyToSend));
    if (drained.reached === 'nobody') reach.lost();
    if (!more) return drained;
  }
}

/** One turn at the lock: all that is due, and some of what is new, so that a long first fetch lets new words through. */
async function turn(eager: boolean, onlyToSend: boolean): Promise<Drained & { more: boolean }> {
  const phone = await maySend();
  if (!phone) return { ...IDLE, more: false };
  holdAgain();
  const sent = await sendAll(phone, eager);
  // No signal, or nobody signed in any more: asking for news would be as vain.
  const isDone = onlyToSend && sent === 'not_tried';
  if (sent === 'nobody' || isDone || !(await maySend())) {
    const { waiting, nextAt } = await outlook(phone);
    const isToCome = sent === 'nobody' || isDone;
    return { waiting, nextAt: isToCome ? nextAt : null, reached: sent, more: false };
  }
  const pulled = await pull(phone, async () => (await maySend()) === phone);
  return {
    ...(await outlook(phone)),
    reached: pulled.reached === 'not_tried' ? sent : pulled.reached,
    more: pulled.more,
  };
}

const FAILED: Outcome = { kind: 'failed' };
const IDLE: Drained = { waiting: 0, nextAt: null, reached: 'not_tried' };

/** The store of the person in whose name things may be sent now, or null. */
export async function maySend(): Promise<Phone | null> {
  const who = await whoIsSignedIn();
  if (!who || !who.confirmed || who.ended || (await mustEndSession())) return null;
  return openPhone(who.id);
}

/** When this page is gone, and there is signal; false where browsers cannot. */
export const sendLater = (): Promise<boolean> => askForWake(OUTBOX_TAG);

async function sendAll(phone: Phone, eager: boolean): Promise<Drained['reached']> {
  const tried = new Set<string>();
  let silences = 0;
  let reached: Drained['reached'] = 'not_tried';
  for (;;) {
    const row = await nextRow(phone, tried, eager);
    if (!row) return reached;
    tried.add(`${row.key} ${row.revision}`);
    const outcome = await deliver(phone, row).catch(() => FAILED);
    if (outcome.kind === 'ours') continue;
    await settle(phone, row, outcome);
    tell({ about: row.kind, ids: [row.id] });
    if (outcome.kind === 'failed') continue;
    if (outcome.kind === 'not_signed_in') return 'server';
    if (outcome.kind === 'later' && outcome.everybody) return 'server';
    const silent = outcome.kind === 'silence';
    silences = silent ? silences + 1 : 0;
    if (!silent) {
      reached = 'server';
      // There is signal again: what had none before is due as well.
      eager ||= reach.isBack();
    }
    if (silences === SILENCES) return 'nobody';
  }
}

/** The next row to send: the untroubled first, in the order in which they were kept. */
async function nextRow(
  phone: Phone,
  tried: Set<string>,
  eager: boolean,
): Promise<OutboxRow | null> {
  const now = Date.now();
  const rows = await waitingRows(phone);
  const due = rows.filter(
    (row) =>
      !tried.has(`${row.key} ${row.revision}`) && (row.not_before <= now || (eager && row.guessed)),
  );
  due.sort((a, b) => Number(a.tries > 0) - Number(b.tries > 0) || a.queued_at - b.queued_at);
  for (const row of due) if (!(await isHeld(phone, row, rows))) return row;
  return null;
}

/** Rows of a kind that this version of the app does not know rest: another version may know how they travel. */
async function waitingRows({ db }: Phone): Promise<OutboxRow[]> {
  const rows = (await db.getAll('outbox')).filter(({ state }) => state === 'waiting');
  if (!rows.length) return rows;
  const { kinds } = await allKinds();
  return rows.filter(({ kind }) => kind in kinds);
}

/** What it names is still to be sent: the server would not know of what it speaks. */
async function isHeld(phone: Phone, row: OutboxRow, waiting: OutboxRow[]): Promise<boolean> {
  // What cannot be read holds itself up when it is sent, and no other.
  const named = await namedBy(phone, row).catch(() => null);
  return named !== null && waiting.some(({ key }) => key === keyOf(named.kind, named.id));
}

async function namedBy(
  phone: Phone,
  { kind, id, intent }: OutboxRow,
): Promise<{ kind: ItemKind; id: string } | null> {
  const { names } = await kindOf(kind);
  if (!names || intent === 'delete') return null;
  const kept = await readItem<unknown>(phone, kind, id);
  return kept && names(kept.value);
}

type Settled = Exclude<Outcome, { kind: 'ours' }>;

/** Write down what came of a send. What the author changed meanwhile is never touched. */
async function settle(phone: Phone, sent: OutboxRow, outcome: Settled): Promise<void> {
  if (outcome.kind === 'not_signed_in') return;
  await changeItem(phone, sent.kind, sent.id, (item, row) => {
    if (!row || !item) return null;
    const moved = row.revision !== sent.revision;
    switch (outcome.kind) {
      case 'done': {
        const rest = moved
          ? { ...row, base: outcome.version, attempted: [], tries: 0, not_before: 0 }
          : null;
        if (!outcome.sealed) {
          if (rest) return { item, row: { ...rest, base: null } };
          return { item: outcome.gone ?? null, row: null };
        }
        const sealed = moved ? item.sealed : outcome.sealed;
        return { item: { id: item.id, version: outcome.version, sealed }, row: rest };
      }
      case 'rebase':
        return {
          item: { ...item, version: outcome.version },
          row: { ...row, base: outcome.version, revision: row.revision + 1 },
        };
      case 'conflict':
        return {
          item: { ...item, version: outcome.version, theirs: outcome.theirs },
          row: { ...row, base: outcome.version, attempted: [], state: 'conflict' },
        };
      case 'parked':
        return moved ? null : { item, row: { ...row, state: 'parked', problem: outcome.problem } };
      default: {
        const hasStayed = outcome.kind === 'silence' && outcome.hasStayed;
        const attempted = hasStayed ? sent.attempted : row.attempted;
        return { item, row: { ...row, attempted, ...patience(row, outcome) } };
      }
    }
  });
}

/** Exponential, with full jitter so that a cohort coming back from one dead spot does not knock together. */
function patience(
  row: OutboxRow,
  outcome: Extract<Outcome, { kind: 'silence' | 'later' | 'failed' }>,
): Partial<OutboxRow> {
  const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** row.tries);
  const guess = ceiling / 2 + (Math.random() * ceiling) / 2;
  const asked = outcome.kind === 'later' ? outcome.wait : null;
  return {
    tries: row.tries + 1,
    not_before: Date.now() + (asked ?? guess),
    guessed: asked === null,
    rests: outcome.kind === 'later' && outcome.rests === true,
  };
}

async function outlook(phone: Phone): Promise<Pick<Drained, 'waiting' | 'nextAt'>> {
  const waiting = await waitingRows(phone);
  const moments = [];
  // What is held goes with what it waits for.
  for (const row of waiting) if (!(await isHeld(phone, row, waiting))) moments.push(row.not_before);
  const nextAt = moments.length ? Math.min(...moments) : null;
  return { waiting: waiting.length, nextAt };
}

/** What has not safely arrived, by kind and state: for the sign-out warning and the little line that says so. */
export async function unsent(phone: Phone): Promise<OutboxRow[]> {
  return phone.db.getAll('outbox');
}
