/** Whether this person was told on this phone what not to write: in full at their first writing, and not again. */
import { session } from '../../store/session.svelte';

const KEY = 'alongside.told-what-not-to-write';

/** Whoever is not signed in yet may be anybody: they are told. */
export function wasTold(): boolean {
  try {
    return localStorage.getItem(KEY) === session.person?.id;
  } catch {
    return false;
  }
}

export function noteTold(): void {
  if (!session.person) return;
  try {
    localStorage.setItem(KEY, session.person.id);
  } catch {
    // Storage may be closed to us; they are told again.
  }
}
