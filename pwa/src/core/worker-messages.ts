/** From the page to a waiting worker: a person said yes to the new version. */
export const TAKE_OVER = 'take-over';
/** From the worker to an open page: a notification was tapped, and this is where it leads. */
export const GO_TO = 'go-to';
/** From the page to each worker: `{ [KEEP]: names }`, the parts to keep for when there is no signal, or 'all'. */
export const KEEP = 'keep';

/** Whether a part is a language (build/parts.ts): it is kept for those who speak it, and not with all else. */
export const isLanguage = (part: string): boolean => part.startsWith('language-');
