/** Controls but tabs and newlines, and halves of characters: no keyboard means them, and the server refuses some of them. */
const UNMEANT = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

/** For JSON.stringify: every text without what nobody meant to write. */
export const meant = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(UNMEANT, '') : value;
