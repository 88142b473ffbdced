/**
 * For tests: a server that keeps the table of PUTs with client-made ids to the letter, and does
 * wrong on request. It sits where the network is, so that everything of ours above it is real.
 */
interface Stored {
  id: string;
  version: number;
  deleted?: boolean;
  [field: string]: unknown;
}

export interface Seen {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
  headers: Record<string, string>;
}

/** What happens to a request: an answer of its own, or an accident before or after it took effect. */
export type Fault = (
  seen: Seen,
) => Response | 'lost request' | 'lost answer' | null | Promise<Response | null>;

export const ME = { id: '0192aaaa-0000-7000-8000-000000000001', name: 'Ana' };
export const OTHER = { id: '0192bbbb-0000-7000-8000-000000000002', name: 'Björn' };

export const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });

export const refusal = (status: number, reason: string, more = {}, headers = {}): Response =>
  json(
    status,
    { code: status, status: '', reason, message: `A sentence about ${reason}.`, ...more },
    headers,
  );

const SYNC = '/api/sync';

/** Things of one kind, as a phone says what it holds copies of. */
export interface Held {
  kind: string;
  cohort_id: string | null;
  ids: string[];
}

interface Known {
  path: string;
  etag: string | null;
  mark: string | null;
}

/** The single GETs that a question stands for. */
const asGets = ({ path, body }: Seen): Seen[] =>
  path === SYNC
    ? ((body?.known ?? []) as Known[]).map(({ path: one, etag }): Seen => ({
        method: 'GET',
        path: one,
        body: null,
        headers: etag ? { 'If-None-Match': etag } : {},
      }))
    : [];

export class PretendServer {
  /** Everything that arrived, in order. */
  seen: Seen[] = [];
  faults: Fault[] = [];
  who: { id: string; name: string } | null = ME;
  stored = new Map<string, Stored>();
  /** Under which marks addresses are answered; with the same one as before nothing else is looked at. */
  marks: Record<string, string> = {};
  /** So many are answered in one question. */
  most = Infinity;
  holdsUntil: string | null = null;
  /** What of all that a phone holds copies of may no longer be seen. */
  goneOf: (held: Held[]) => Held[] = () => [];
  #log: string[] = [];
  #held: { isIt: (seen: Seen) => boolean; isAsked: () => void; released: Promise<void> }[] = [];

  /** Take the network's place. */
  plugIn(): void {
    globalThis.fetch = ((path: string, init: RequestInit) =>
      this.#receive(path, init)) as typeof fetch;
  }

  writes(): Seen[] {
    return this.seen.filter(({ method, path }) => method !== 'GET' && path !== SYNC);
  }

  /** The next answer to such a question is made when it is asked, and arrives when `release` is called. */
  holdBack(isIt: (seen: Seen) => boolean): { isAsked: Promise<void>; release: () => void } {
    let isAsked!: () => void;
    let release!: () => void;
    const asked = new Promise<void>((done) => (isAsked = done));
    const released = new Promise<void>((done) => (release = done));
    this.#held.push({ isIt, isAsked, released });
    return { isAsked: asked, release };
  }

  /** As if another phone of mine had changed it. */
  changeElsewhere(id: string, change: Record<string, unknown>): void {
    const now = this.stored.get(id)!;
    this.#put({ ...now, ...change, id, version: now.version + 1 });
  }

  deleteElsewhere(id: string): void {
    this.changeElsewhere(id, { deleted: true });
  }

  async #receive(path: string, init: RequestInit): Promise<Response> {
    const seen: Seen = {
      method: init.method ?? 'GET',
      path,
      body: init.body ? JSON.parse(String(init.body)) : null,
      headers: init.headers as Record<string, string>,
    };
    this.seen.push(seen);
    const asked = [seen, ...asGets(seen)];
    this.seen.push(...asked.slice(1));
    const held = this.#held.find(({ isIt }) => asked.some(isIt));
    this.#held = this.#held.filter((one) => one !== held);
    const answer = await this.#said(seen);
    held?.isAsked();
    await held?.released;
    return answer;
  }

  /**
   * One question about many addresses: each is answered as it would be to the GET. Where there is no answer to one of
   * them, or another page answers, there is none to the question.
   */
  async #sync(seen: Seen): Promise<Response> {
    const found = { changed: [] as object[], lost: [] as object[], next: [] as string[] };
    const known = new Map(((seen.body!.known ?? []) as Known[]).map((one) => [one.path, one]));
    const marks: Record<string, string> = {};
    for (const [at, one] of asGets(seen).entries()) {
      const { path } = one;
      if (at >= this.most) {
        found.next.push(path);
        continue;
      }
      const mark = this.marks[path];
      if (mark) marks[path] = mark;
      if (mark && known.get(path)!.mark === mark) continue;
      const answer = await this.#said(one);
      const body =
        answer.status === 304
          ? null
          : await answer
              .clone()
              .json()
              .catch(() => null);
      const isTrouble = answer.status === 401 || answer.status === 429 || answer.status >= 500;
      if (isTrouble || (body === null && answer.status !== 304)) return answer;
      if (answer.ok) found.changed.push({ path, etag: answer.headers.get('ETag'), body });
      else if (body) found.lost.push({ path, ...body });
    }
    const held = (seen.body!.held ?? []) as Held[];
    const gone = this.goneOf(held).filter(({ ids }) => ids.length);
    return json(200, { ...found, marks, gone, holds_until: this.holdsUntil });
  }

  async #said(seen: Seen): Promise<Response> {
    for (const fault of this.faults) {
      const outcome = await fault(seen);
      if (outcome === 'lost request') throw new TypeError('Failed to fetch');
      if (outcome === 'lost answer') {
        await this.#answer(seen);
        throw new TypeError('Failed to fetch');
      }
      if (outcome) return outcome;
    }
    return this.#answer(seen);
  }

  async #answer(seen: Seen): Promise<Response> {
    if (!this.who) return refusal(401, 'not_signed_in');
    const url = new URL(seen.path, 'http://phone.test');
    if (seen.path === SYNC) return this.#sync(seen);
    if (url.pathname === '/api/me') return json(200, this.#me(seen.body));
    if (url.pathname === '/api/reflections/changes') return this.#changes(url.searchParams);
    const id = url.pathname.match(/^\/api\/(?:reflections|responses|reminders)\/([^/]+)$/)?.[1];
    if (!id)
      return url.pathname.includes('/sessions')
        ? new Response(null, { status: 204 })
        : refusal(404, 'not_found');
    return seen.method === 'DELETE' ? this.#delete(id, seen) : this.#keep(id, seen);
  }

  #keep(id: string, seen: Seen): Response {
    const old = this.stored.get(id);
    const match = seen.headers['If-Match'];
    if (!match && !seen.headers['If-None-Match']) return refusal(428, 'precondition_required');
    if (old?.deleted) return refusal(410, 'deleted');
    if (!old && match) return refusal(404, 'not_found');
    if (!old) return json(201, this.#out(this.#put({ ...seen.body, id, version: 1 })));
    if (!match) return json(200, this.#out(old));
    const isSame = Object.entries(seen.body!).every(
      ([k, v]) => JSON.stringify(old[k]) === JSON.stringify(v),
    );
    if (isSame) return json(200, this.#out(old));
    if (match !== `"${old.version}"`)
      return refusal(412, 'changed_elsewhere', { current: this.#out(old) });
    return json(200, this.#out(this.#put({ ...old, ...seen.body, version: old.version + 1 })));
  }

  #delete(id: string, seen: Seen): Response {
    const old = this.stored.get(id);
    if (!old) return refusal(404, 'not_found');
    const match = seen.headers['If-Match'];
    if (!old.deleted && match !== '*' && match !== `"${old.version}"`)
      return refusal(412, 'changed_elsewhere', { current: this.#out(old) });
    if (!old.deleted) this.deleteElsewhere(id);
    return new Response(null, { status: 204 });
  }

  #changes(query: URLSearchParams): Response {
    const since = Number(query.get('since') ?? 0);
    const page = this.#log.slice(since, since + Number(query.get('limit')));
    const mine = [...new Set(page)]
      .map((id) => this.stored.get(id)!)
      .filter((row) => row.owner === this.who?.id);
    const items = mine.map((row) => ({
      id: row.id,
      version: row.version,
      deleted: row.deleted ?? false,
      reflection: row.deleted ? null : this.#out(row),
    }));
    return json(200, { items, next: String(since + page.length) });
  }

  #put(row: Stored): Stored {
    this.stored.set(row.id, { owner: this.who?.id, ...row });
    this.#log.push(row.id);
    return row;
  }

  #out(row: Stored): unknown {
    const shared_with = ((row.shared_with as string[] | undefined) ?? []).map((id) => ({
      id,
      name: 'Björn',
    }));
    return {
      ...row,
      shared_with,
      reached: shared_with.length,
      author: this.who,
      by: this.who,
      changed_at: '2026-11-22T09:00:00Z',
      mine: true,
    };
  }

  #profile: Record<string, unknown> = {
    time_zone: 'Europe/London',
    language: 'en',
    matters: '',
    brings: '',
    curious_about: '',
    version: 1,
  };

  #me(change: Record<string, unknown> | null): unknown {
    this.#profile = { ...this.#profile, ...change };
    return { ...this.who, email: 'ana@example.org', may_convene: false, ...this.#profile };
  }
}
