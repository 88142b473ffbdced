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

export class PretendServer {
  /** Everything that arrived, in order. */
  seen: Seen[] = [];
  faults: Fault[] = [];
  who: { id: string; name: string } | null = ME;
  stored = new Map<string, Stored>();
  #log: string[] = [];
  #held: { isIt: (seen: Seen) => boolean; isAsked: () => void; released: Promise<void> }[] = [];

  /** Take the network's place. */
  plugIn(): void {
    globalThis.fetch = ((path: string, init: RequestInit) =>
      this.#receive(path, init)) as typeof fetch;
  }

  writes(): Seen[] {
    return this.seen.filter((seen) => seen.method !== 'GET');
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
    const held = this.#held.find(({ isIt }) => isIt(seen));
    this.#held = this.#held.filter((one) => one !== held);
    const answer = await this.#said(seen);
    held?.isAsked();
    await held?.released;
    return answer;
  }

  async #said(seen: Seen): Promise<Response> {
    for (const fault of this.faults) {
      const outcome = await fault(seen);
      if (outcome === 'lost request') throw new TypeError('Failed to fetch');
      if (outcome === 'lost answer') {
        this.#answer(seen);
        throw new TypeError('Failed to fetch');
      }
      if (outcome) return outcome;
    }
    return this.#answer(seen);
  }

  #answer(seen: Seen): Response {
    if (!this.who) return refusal(401, 'not_signed_in');
    const url = new URL(seen.path, 'http://phone.test');
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
