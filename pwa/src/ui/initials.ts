/** One or two letters for a name, whatever the script: "Björn Strand" → BS, "Aoife (since 3 March)" → A. */
export function initials(name: string): string {
  const parts = name.replace(/ \(.*/u, '').trim().split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return letters.map((part) => firstLetter(part as string)).join('');
}

/** As many as tokens.css has of `--tint-…`. */
export const TINTS = 6;

/** The same tint for the same person on every screen, whatever they are called; it means nothing else. */
export function tint(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 99_991;
  return (sum % TINTS) + 1;
}

function firstLetter(part: string): string {
  const letter = /\p{L}\p{M}*|\p{N}/u.exec(part)?.[0] ?? [...part][0] ?? '';
  return letter.toLocaleUpperCase();
}
