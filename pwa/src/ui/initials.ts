/** One or two letters for a name, whatever the script: "Björn Strand" → BS, "Aoife (since 3 March)" → A. */
export function initials(name: string): string {
  const parts = name.replace(/ \(.*/u, '').trim().split(/\s+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return letters.map((part) => firstLetter(part as string)).join('');
}

/** The same tone for the same name on every screen; it means nothing else. */
export function tone(name: string): 'self' | 'team' | 'system' {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return (['self', 'team', 'system'] as const)[sum % 3] as 'self' | 'team' | 'system';
}

function firstLetter(part: string): string {
  const letter = /\p{L}\p{M}*|\p{N}/u.exec(part)?.[0] ?? [...part][0] ?? '';
  return letter.toLocaleUpperCase();
}
