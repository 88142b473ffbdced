/** What another app shared with us, until the composer takes it. */
let waiting = '';

/**
 * Moves text that another app shared (`/?title=&text=&url=`, see the manifest) out of the address:
 * it must not stay in the history, nor come back at the next reload.
 */
export function catchSharedText(): void {
  const url = new URL(location.href);
  const parts = ['title', 'text', 'url'].map((name) => url.searchParams.get(name)?.trim() ?? '');
  if (url.pathname !== '/' || !parts.some(Boolean)) return;
  waiting = [...new Set(parts.filter(Boolean))].join('\n');
  for (const name of ['title', 'text', 'url']) url.searchParams.delete(name);
  history.replaceState(history.state, '', url);
}

/** Begins the next reflection with these words: what the composer takes when it opens. */
export function beginWith(text: string): void {
  waiting = text;
}

/** The shared text, once; an empty string when there is none. */
export function takeSharedText(): string {
  const text = waiting;
  waiting = '';
  return text;
}
