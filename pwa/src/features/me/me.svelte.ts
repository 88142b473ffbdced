/** My profile, my sessions, and leaving this phone. */
import { ask, type Answer } from '../../api/client';
import type { EndedOut, Me as Profile, MeChange, SessionListed } from '../../api/shapes';
import { connection } from '../../store/connection.svelte';
import type { Problem } from '../../store/database';
import { PROFILE, readItem, writeItem, type ProfileItem } from '../../store/items';
import { Line } from '../../store/line';
import { Pages } from '../../store/pages.svelte';

import { session } from '../../store/session.svelte';
import { leaveThisPhone, whatIsUnsent, type Unsent } from '../../store/sign_out';

export type { Profile, MeChange, SessionListed, Unsent };

class Me {
  #line = new Line();
  #sessions = $state.raw(listOfSessions());

  constructor() {
    session.onLeave(() => (this.#sessions = listOfSessions()));
  }

  /** As I left it on this phone; null only for the first moments after a sign-in. */
  get profile(): Profile | null {
    return session.person;
  }

  /** waiting: changes are on this phone, to be sent · parked: the server would not take them */
  get profileState(): 'safe' | 'waiting' | 'parked' {
    const row = this.#row();
    if (!row) return 'safe';
    return row.state === 'parked' ? 'parked' : 'waiting';
  }

  get profileProblem(): Problem | null {
    return this.#row()?.problem ?? null;
  }

  /** This one first, then as they were used last. */
  get sessions(): SessionListed[] {
    const all = this.#sessions.value?.items ?? [];
    return all.toSorted((one, other) => Number(other.current) - Number(one.current));
  }

  get areSessionsStale(): boolean {
    return this.#sessions.isStale;
  }

  loadSessions(): Promise<void> {
    return this.#sessions.load();
  }

  /** Kept on the phone at once, sent when there is signal. Only the lines that changed travel. */
  change(change: MeChange): Promise<void> {
    return this.#line.next(async () => {
      const { phone } = session;
      const kept = await readItem<ProfileItem>(phone, 'profile', PROFILE);
      if (!kept) return;
      const all = { ...kept.value.change, ...change };
      await writeItem<ProfileItem>(phone, 'profile', PROFILE, { me: kept.value.me, change: all });
      connection.hasNew('profile', [PROFILE]);
    });
  }

  async endSession(id: string): Promise<Answer<void>> {
    return this.#then(await ask<void>('DELETE', `/api/me/sessions/${id}`));
  }

  /** Answers how many there were. */
  async endOtherSessions(): Promise<Answer<EndedOut>> {
    return this.#then(await ask<EndedOut>('DELETE', '/api/me/sessions'));
  }

  /** What would be lost by signing out now. */
  whatIsUnsent(): Promise<Unsent> {
    return whatIsUnsent();
  }

  /** Sign out, with or without signal: nothing of mine is left on this phone. Answers whether the server knows. */
  signOut(): Promise<boolean> {
    return leaveThisPhone();
  }

  #row() {
    return connection.unsent.find((row) => row.kind === 'profile');
  }

  async #then<T>(answer: Answer<T>): Promise<Answer<T>> {
    if (answer.kind === 'ok') await this.#sessions.reload();
    return answer;
  }
}

const listOfSessions = () => new Pages<SessionListed>('/api/me/sessions', true);

export const me = new Me();
