/**
 * The one way to the server. Every call ends in an `Answer`, never in an exception: the phone
 * has to decide what happens to somebody's words, so each outcome has a name.
 *
 * A page that a hotel's or hospital's network puts in front of us answers 200 with HTML. That is
 * `unreachable` here, not success: only JSON (or an empty 204) counts as the server speaking.
 */
import { meant } from '../core/meant';
import type { ApiPath, Refusal } from './shapes';

/** Longest wait for one answer, in milliseconds. */
const PATIENCE = 20_000;

export type Answer<T> =
  | { kind: 'ok'; status: number; data: T; etag: string | null }
  | { kind: 'unchanged' }
  | { kind: 'refused'; status: number; refusal: Refusal; retryAfter: number | null }
  | { kind: 'unreachable' };

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

export interface Request {
  body?: unknown;
  /** Sent as it is, as what it says of itself, in place of a body. */
  file?: Blob;
  /** How long to wait at most, in milliseconds, where that is not the usual. */
  patience?: number;
  query?: Record<string, string | number | null | undefined>;
  headers?: Record<string, string>;
}

/** How many requests that may have changed something came to an end, whatever end: what was asked before may lack it. */
export const acts = { made: 0 };

/** The session that we asked with was ended by its owner, here or from elsewhere. */
const ENDED_BY_OWNER = 'ended_by_you';
let hearEnded: (() => void) | null = null;
let wasHeard = false;

/** One place hears of it, whoever asked; also of what was heard before it listened. */
export function whenEndedByOwner(run: () => void): void {
  hearEnded = run;
  if (wasHeard) run();
}

/** Ask the server. A path that openapi.json does not know is refused by the compiler. */
export async function ask<T>(
  method: Method,
  path: ApiPath,
  request: Request = {},
): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path + queryString(request.query), {
      method,
      headers: {
        Accept: 'application/json',
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...request.headers,
      },
      body: request.body === undefined ? request.file : JSON.stringify(request.body, meant),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(request.patience ?? PATIENCE),
    });
    const answer = await understood<T>(response);
    if (answer.kind === 'refused' && answer.refusal.reason === ENDED_BY_OWNER) {
      wasHeard = true;
      hearEnded?.();
    }
    return answer;
  } catch {
    return { kind: 'unreachable' };
  } finally {
    if (method !== 'GET' && path !== '/api/sync') acts.made += 1;
  }
}

async function understood<T>(response: Response): Promise<Answer<T>> {
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status === 204) return { kind: 'ok', status: 204, data: undefined as T, etag: null };
  const isJson = /^application\/json\b/i.test(response.headers.get('Content-Type') ?? '');
  const body: unknown = isJson ? await response.json() : null;
  if (response.ok && isJson) {
    return {
      kind: 'ok',
      status: response.status,
      data: body as T,
      etag: response.headers.get('ETag'),
    };
  }
  const refusal = isRefusal(body) ? body : busy(response.status);
  if (response.ok || !refusal) return { kind: 'unreachable' };
  const retryAfter = millisecondsToWait(response.headers.get('Retry-After'));
  return { kind: 'refused', status: response.status, refusal, retryAfter };
}

function isRefusal(body: unknown): body is Refusal {
  return typeof body === 'object' && body !== null && 'reason' in body;
}

/** A proxy before the server may ask for patience without speaking our JSON; nothing else it says counts. */
function busy(status: number): Refusal | null {
  if (status !== 429 && status !== 503) return null;
  return { code: status, status: '', reason: 'busy', message: '' };
}

/** `Retry-After` comes as seconds or as a date; both become milliseconds from now. */
export function millisecondsToWait(header: string | null, now = Date.now()): number | null {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function queryString(query: Request['query']): string {
  const pairs = Object.entries(query ?? {}).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  if (!pairs.length) return '';
  return '?' + new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
}
