/** What `POST /api/sync` is asked, and what it answers about each address. Pure. */
import type { Answer } from '../api/client';
import type { components } from '../api/schema';
import type { Refusal } from '../api/shapes';

type Shapes = components['schemas'];

/** An address of a single GET, and what the phone has of it. */
export type Known = Required<Shapes['KnownIn']>;
export type Synced = Shapes['SyncOut'];

/** What was heard about one address. */
export interface Heard {
  answer: Answer<unknown>;
  /** Under which ETag it was asked about. */
  etag: string | null;
  mark?: string | null;
  /** In ms. */
  askedAt: number;
}

/** As a single GET would have answered; what is to be asked again is left out. */
export function heardIn(said: Synced, known: Iterable<Known>, askedAt: number): Map<string, Heard> {
  const [changed, lost, next] = [listed(said.changed), listed(said.lost), listed(said.next)];
  const marks: Record<string, unknown> = said.marks ?? {};
  const answers = new Map<string, Answer<unknown>>();
  for (const { path, etag, body } of changed)
    answers.set(path, { kind: 'ok', status: 200, data: body, etag });
  for (const { path, code, reason, message } of lost) {
    const refusal: Refusal = { code, status: '', reason, message };
    answers.set(path, { kind: 'refused', status: code, refusal, retryAfter: null });
  }
  const heard = new Map<string, Heard>();
  for (const { path, etag } of known) {
    if (next.includes(path)) continue;
    // What was never heard cannot be as it was.
    const answer = answers.get(path) ?? { kind: etag ? 'unchanged' : 'unreachable' };
    const mark = marks[path];
    heard.set(path, { answer, etag, mark: typeof mark === 'string' ? mark : null, askedAt });
  }
  return heard;
}

/** A server of another version may leave a list out. */
export const listed = <T>(some: readonly T[] | null | undefined): readonly T[] =>
  Array.isArray(some) ? some : [];

/** The answer for somebody who has what is under this ETag; null where it says nothing to them. */
export function answerFor({ answer, etag: asked }: Heard, etag: string | null) {
  if (answer.kind === 'unchanged') return asked === etag ? answer : null;
  if (answer.kind === 'ok' && etag && answer.etag === etag) return { kind: 'unchanged' } as const;
  return answer;
}

/** The server does not know this question, or not so: it is the question that was refused. */
export const isOfTheQuestion = (status: number): boolean =>
  [400, 403, 404, 405, 410, 413, 422].includes(status);

/** Which of these addresses a refusal names: by their place in the question, or in its words. */
export function namedIn(refusal: Refusal, paths: readonly string[]): string[] {
  const places = Object.keys(refusal.errors?.json?.known ?? {}).flatMap(
    (at) => paths[Number(at)] ?? [],
  );
  if (places.length) return places;
  const said = JSON.stringify(refusal);
  const named = paths.filter((path) => said.includes(path));
  return named.toSorted((a, b) => b.length - a.length).slice(0, 1);
}
